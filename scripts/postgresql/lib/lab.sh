# shellcheck shell=bash
# A cluster to look at or to hurt: raled, rale-pg and PostgreSQL, three times on this machine, as an
# unprivileged user; each node in a network namespace of its own where that can be done.
# shellcheck disable=SC2034,SC2154 # variables of the scripts that read this one

lab_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
lab_bin=${RALE_PG_BIN:-/usr/lib/postgresql/15/bin}
lab_ttl=10
# The nodes with PostgreSQL; one that has none is a witness.
lab_servers='1 2 3'
lab_work=
lab_hub=
# 1: the data are on file systems of their own, in memory, so that they can be full.
lab_small=0
# 1: the agents' nc keeps requests that put a name into the key sync, as long as there is $lab_work/hold.
lab_hold=0
declare -a lab_host raled_pid agent_pid

lab_need() {
  [[ -x $lab_bin/postgres ]] || {
    printf '%s: no PostgreSQL 15 in %s: apt-get install postgresql-15, or set RALE_PG_BIN\n' "$lab_name" "$lab_bin" >&2
    return 1
  }
  [[ -f $lab_root/raled/target/raled.jar ]] || {
    printf '%s: builds the daemons: mvn -q package -DskipTests\n' "$lab_name"
    (cd "$lab_root" && mvn -q -B -ntp package -DskipTests) || return 1
  }
  local tool
  for tool in nc setpriv setsid flock timeout pgrep; do
    command -v "$tool" >/dev/null || {
      printf '%s: %s is missing: apt-get install netcat-openbsd util-linux coreutils procps\n' "$lab_name" "$tool" >&2
      return 1
    }
  done
}

# lab_as NODE COMMAND...: replaces this process by the command, unprivileged, in the node's namespace.
lab_as() {
  local node=$1
  shift
  local -a before=()
  [[ -z $lab_hub ]] || before+=(ip netns exec "$lab_hub-$node")
  ((EUID != 0)) || before+=(setpriv --reuid "$lab_user" --regid "$lab_group" --clear-groups)
  cd / || exit 1
  ((lab_hold == 0)) || PATH=$lab_work/bin:$PATH
  exec env HOME="$lab_work" "${before[@]}" "$@"
}

# lab_make NAME: the directory and the user; namespaces if they can be had and lab_cut is yes.
lab_make() {
  lab_work=$(mktemp -d "/tmp/rale-$1.XXXXXX") || return 1
  lab_user=$(id -un) lab_group=$(id -gn)
  if ((EUID == 0)); then
    lab_user=postgres lab_group=postgres
    id postgres >/dev/null 2>&1 || lab_user=nobody lab_group=nogroup
    chown "$lab_user:$lab_group" "$lab_work"
  fi
  chmod 755 "$lab_work"
  if ((lab_hold)); then
    mkdir "$lab_work/bin"
    cat >"$lab_work/bin/nc" <<NC
#!/bin/sh
[ -e $lab_work/hold ] || exec $(command -v nc) "\$@"
ask=\$(cat)
case \$ask in
  *'/sync","value":"'pg-[123]' pg-'*)
    printf '%s\\n' "\$ask" >$lab_work/held.new && mv $lab_work/held.new $lab_work/held
    exit 1
    ;;
esac
printf '%s\\n' "\$ask" | $(command -v nc) "\$@"
NC
    chmod 755 "$lab_work/bin/nc"
  fi
  lab_cut_why=
  if [[ ${lab_cut-no} == yes ]]; then lab_network; fi
  local n members=
  for n in 1 2 3; do
    lab_host[n]=127.0.0.1
    [[ -z $lab_hub ]] || lab_host[n]=10.77.0.$n
    members+="${members:+, }$n:n$n:${lab_host[n]}:$((lab_base + n)):$((lab_base + 10 + n))"
  done
  for n in 1 2 3; do
    mkdir -p "$lab_work/n$n/run" "$lab_work/n$n/pg"
    ((lab_small == 0)) || mount -t tmpfs -o size=4g,mode=700 rale-lab "$lab_work/n$n/pg" || return 1
    cat >"$lab_work/n$n/raled.conf" <<CONF
node_id = $n
node_name = n$n
node_ip = ${lab_host[n]}
rale_port = $((lab_base + n))
dstore_port = $((lab_base + 10 + n))
path = $lab_work/n$n/db
cluster_members = $members
communication_socket = $lab_work/n$n/rale.sock
raled_log_destination = stderr
dstore_log_destination = stderr
comm_log_destination = stderr
CONF
    cat >"$lab_work/n$n/rale-pg.conf" <<CONF
cluster = lab
node = pg-$n
data_directory = $lab_work/n$n/pg/data
bin_directory = $lab_bin
host = ${lab_host[n]}
port = $((lab_base + 20 + n))
listen_addresses = ${lab_host[n]}
socket_directory = $lab_work/n$n/run
rale = unix:$lab_work/n$n/rale.sock $(for m in 1 2 3; do ((m == n)) || printf '%s:%s ' "${lab_host[m]}" $((lab_base + 10 + m)); done)
ttl = $lab_ttl
synchronous_mode = $lab_sync
superuser = postgres
hba_file = $lab_work/hba
${lab_hooks-}
CONF
    ((EUID != 0)) || chown -R "$lab_user:$lab_group" "$lab_work/n$n"
  done
  # A laboratory of one machine: who reaches it is let in.
  printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 trust' 'host all all 10.77.0.0/24 trust' \
    'host replication all 127.0.0.1/32 trust' 'host replication all 10.77.0.0/24 trust' >"$lab_work/hba"
}

lab_network() {
  if ((EUID != 0)); then
    lab_cut_why='not root'
  elif ! command -v ip >/dev/null; then
    lab_cut_why='there is no ip (iproute2)'
  else
    lab_hub=rpg$$
    if ! {
      ip netns add "$lab_hub" && ip -n "$lab_hub" link add br0 type bridge && ip -n "$lab_hub" link set br0 up
    } 2>"$lab_work/network"; then
      lab_cut_why=$(tail -n 1 "$lab_work/network")
      ip netns del "$lab_hub" 2>/dev/null
      lab_hub=
      return
    fi
    local n
    for n in 1 2 3; do
      ip netns add "$lab_hub-$n"
      ip -n "$lab_hub" link add "v$n" type veth peer name eth0 netns "$lab_hub-$n"
      ip -n "$lab_hub" link set "v$n" master br0 up
      ip -n "$lab_hub-$n" addr add "10.77.0.$n/24" dev eth0
      ip -n "$lab_hub-$n" link set eth0 up
      ip -n "$lab_hub-$n" link set lo up
    done
  fi
}

lab_cut() { ip -n "$lab_hub" link set "v$1" down; }
lab_heal() { ip -n "$lab_hub" link set "v$1" up; }

# lab_full NODE: no room is left beside its data, but for a page or two.
lab_full() {
  local used
  used=$(df -k --output=used "$lab_work/n$1/pg" | tail -n 1) || return 1
  mount -o "remount,size=$((used + 8))k" "$lab_work/n$1/pg"
}
lab_room() { mount -o remount,size=4g "$lab_work/n$1/pg"; }

lab_raled() {
  (RALE_JAVA_OPTS=-Xmx96m lab_as "$1" setsid "$lab_root/scripts/raled" --config "$lab_work/n$1/raled.conf") \
    >>"$lab_work/n$1/raled.log" 2>&1 3>&- </dev/null &
  raled_pid[$1]=$!
  disown
}

lab_agent() {
  (lab_as "$1" setsid "$lab_root/scripts/postgresql/rale-pg" --config "$lab_work/n$1/rale-pg.conf" run) \
    >>"$lab_work/n$1/agent.log" 2>&1 3>&- </dev/null &
  agent_pid[$1]=$!
  disown
}

# lab_pg COMMAND...: rale-pg of node 1's place, as its user.
lab_pg() {
  local node=$1
  shift
  (lab_as "$node" "$lab_root/scripts/postgresql/rale-pg" --config "$lab_work/n$node/rale-pg.conf" "$@")
}

lab_sql() { timeout -s KILL "${3:-3}" "$lab_bin/psql" -XqAt -v ON_ERROR_STOP=1 -h "$lab_work/n$1/run" -p $((lab_base + 20 + $1)) -U postgres -d postgres -c "$2" 2>&1; }

# The processes of PostgreSQL of a node, whoever is their parent.
lab_postgres() {
  local path
  for path in /proc/[0-9]*/cwd; do
    [[ $(readlink "$path" 2>/dev/null) == "$lab_work/n$1/pg/data" && $(readlink "${path%cwd}exe" 2>/dev/null) == */postgres* ]] \
      && printf '%s ' "$(basename "${path%/cwd}")"
  done
  true
}

# lab_end: every process that was started here, and the namespaces; the directory unless told to keep it.
lab_end() {
  local n pid
  for n in 1 2 3; do
    for pid in ${agent_pid[n]-} ${raled_pid[n]-}; do
      kill -CONT "$pid" && kill -KILL "$pid"
    done 2>/dev/null
    [[ ! -f $lab_work/n$n/pg/data.rale/guard ]] || kill -CONT "$(<"$lab_work/n$n/pg/data.rale/guard")" 2>/dev/null
  done
  sleep 1
  for n in 1 2 3; do
    pid=$(lab_postgres "$n")
    # shellcheck disable=SC2086 # ids
    [[ -z $pid ]] || kill -KILL $pid 2>/dev/null
    [[ -z $lab_hub ]] || ip netns del "$lab_hub-$n" 2>/dev/null
  done
  [[ -z $lab_hub ]] || ip netns del "$lab_hub" 2>/dev/null
  if ((lab_small)); then
    for n in 1 2 3; do
      # What is kept is kept on the disk, but for the data.
      [[ ${1-} != keep ]] || cp -r "$lab_work/n$n/pg/data.rale" "$lab_work/n$n/state"
      umount -l "$lab_work/n$n/pg"
    done 2>/dev/null
  fi
  [[ -z $lab_work || ${1-} == keep ]] || rm -rf "$lab_work"
}
