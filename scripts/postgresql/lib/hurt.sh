# shellcheck shell=bash
# Faults that take more than one signal. Each gets the primary's number, says on standard output what
# went wrong, and fails then. Where writes are judged from another moment than the beginning it sets
# $began, and where another node is hurt, $hurt.
# shellcheck disable=SC2034,SC2154 # variables of the scripts that read this one

# within_s SECONDS COMMAND...: until the command succeeds.
within_s() {
  local until=$(($(now) + $1 * 1000))
  shift
  until "$@"; do
    (($(now) < until)) || return 1
    sleep 0.05
  done
}

lab_raled_all() {
  local m
  for m in 1 2 3; do signal "$1" "${raled_pid[m]}"; done
}

# lab_gone PID...: none of them runs any more.
lab_gone() {
  local pid
  for pid in "$@"; do [[ ! -e /proc/$pid/cwd ]] || return 1; done
}

# agent_down NODE: as its supervisor would end it.
agent_down() {
  signal TERM "${agent_pid[$1]}"
  within_s 40 lab_gone "${agent_pid[$1]}" || { echo "rale-pg of n$1 does not end"; return 1; }
}

# Every raled is silent from now on, and a little later the guard stands still: nobody but the agent
# is left to see that the time is over, and it is waiting for answers.
fault_silence() {
  local n=$1 state=$lab_work/n$1/pg/data.rale deadline ended
  local -a pids
  read -ra pids <<<"$(lab_postgres "$n")"
  lab_raled_all STOP
  sleep 3
  signal STOP "$(<"$state/guard")"
  deadline=$(<"$state/deadline")
  until lab_gone "${pids[@]}"; do
    if (($(now) > deadline + lab_margin)); then
      lab_raled_all CONT
      echo "PostgreSQL of n$n runs on beyond its deadline and the time for stopping it"
      return 1
    fi
    sleep 0.02
  done
  ended=$(now)
  echo "n$n was stopped $((ended - deadline)) ms after its deadline"
  lab_raled_all CONT
  began=$(now)
}

# other_synchronous PRIMARY NODE: a standby that is not this one is synchronous, where one has to be.
other_synchronous() {
  [[ $lab_sync == off ]] || ((servers == 2)) || lab_pg "$1" status | grep 'synchronous pg-' | grep -qv "synchronous pg-$2"
}

# The synchronous standby, if there is another one, is the other one.
fault_clone_cut() {
  local n=$1 to=$(($1 % servers + 1)) pattern
  pattern="pg_basebackup -D $lab_work/n$to/pg/data.new"
  lab_pg "$to" reinit || return 1
  within_s 60 test -d "$lab_work/n$to/pg/data.new/base" || { echo "n$to is not cloned"; return 1; }
  pkill -STOP -f "$pattern" || { echo "the clone of n$to was over too soon"; return 1; }
  if ! within_s 30 other_synchronous "$n" "$to"; then
    pkill -CONT -f "$pattern"
    echo 'no other standby became synchronous'
    return 1
  fi
  signal KILL "${agent_pid[n]}" "$(lab_postgres "$n")"
  began=$(now)
  # With two servers there is nobody else.
  ((servers == 3)) || wait_down=1
  (sleep "$((1 + RANDOM % 2 * 2 * lab_ttl))"; pkill -CONT -f "$pattern") &
}

# other_primary NODE: another one than it takes writes, with a synchronous standby where there can be one.
other_primary() {
  local m
  for m in $lab_servers; do
    [[ $m != "$1" && $(lab_sql "$m" 'select pg_is_in_recovery()') == f ]] || continue
    hurt=$m
    other_synchronous "$m" "$1"
    return
  done
  return 1
}

# The old primary is being rewound, and has changed files, when the new one is killed.
fault_rewind_cut() {
  local n=$1 log=$lab_work/n$1/pg/data.rale/rewind.log until pid
  signal KILL "${agent_pid[n]}" "$(lab_postgres "$n")"
  within_s 40 other_primary "$n" || { echo 'no other one became primary'; return 1; }
  rm -f "$log"
  lab_agent "$n"
  until=$(($(now) + 40000))
  until pid=$(pgrep -f "^[^ ]*pg_rewind -D $lab_work/n$n/pg/data "); do
    (($(now) < until)) || { echo "n$n was not rewound"; return 1; }
  done
  # It goes on for a moment at a time, until it has said that it begins.
  while kill -STOP "$pid" 2>/dev/null && [[ $(<"$log") != *'rewinding from'* ]]; do
    kill -CONT "$pid"
    sleep 0.002
  done
  kill -0 "$pid" 2>/dev/null || { echo "the rewind of n$n was over too soon"; return 1; }
  # With two servers the other one must come back where it is.
  if ((servers == 3)); then
    signal KILL "${agent_pid[hurt]}" "$(lab_postgres "$hurt")"
  else
    signal KILL "$(lab_postgres "$hurt")"
  fi
  began=$(now)
  (sleep "$((1 + RANDOM % 2 * 2 * lab_ttl))"; kill -CONT "$pid") &
}

# Writes fail from some moment on, or PostgreSQL does, when it needs a new segment.
fault_full_disk() {
  lab_full "$1" || return 1
  if ((RANDOM % 2)); then
    for _ in 1 2 3 4; do lab_sql "$1" 'select pg_switch_wal()' >/dev/null; done
  fi
  began=$(($(now) + 2 * lab_ttl * 1000))
}

other_refused() { (($(grep -c 'of another database system' "$lab_work/n$1/agent.log") > $2)); }

# A standby whose directory holds another database now.
fault_other_data() {
  local s=$(($1 % servers + 1)) data before
  data=$lab_work/n$s/pg/data
  agent_down "$s" || return 1
  mv "$data" "$data.mine"
  (lab_as "$s" "$lab_bin/initdb" -N -k -U postgres -A trust -D "$data") >/dev/null || return 1
  : >"$data/precious"
  before=$(grep -c 'of another database system' "$lab_work/n$s/agent.log")
  lab_agent "$s"
  within_s 30 other_refused "$s" "$before" || { echo "n$s did not refuse it"; return 1; }
  sleep 3
  [[ -e $data/precious && -z $(lab_postgres "$s") ]] || { echo "n$s did not leave it as it was"; return 1; }
  agent_down "$s" || return 1
  rm -rf "$data"
  mv "$data.mine" "$data"
  lab_agent "$s"
  began=$(now)
}

# A session that stands still keeps PostgreSQL from stopping: the switchover must be given up, and not
# be called done.
fault_switchover_stuck() {
  local n=$1 said
  lab_sql "$n" 'select pg_sleep(120)' 130 >/dev/null &
  within_s 10 sleeps "$n" || { echo 'no session sleeps'; return 1; }
  signal STOP "$(lab_sql "$n" "$sleeper")"
  if said=$(lab_pg "$n" switchover 2>&1) || [[ $said != *'given the switchover up'* ]]; then
    echo "the switchover says: $said"
    return 1
  fi
  began=$(now)
}
sleeper="select pid from pg_stat_activity where query = 'select pg_sleep(120)'"
sleeps() { [[ $(lab_sql "$1" "$sleeper") =~ ^[0-9]+$ ]]; }

said_more() { (($(grep -c "$2" "$lab_work/n$1/agent.log") > $3)); }

# A standby whose data_directory is one level too high; and then one that has a data.new of its own.
fault_foreign() {
  local s=$(($1 % servers + 1)) data before said='is not empty, and no database' way='data.new is in the way'
  data=$lab_work/n$s/pg/data
  agent_down "$s" || return 1
  mv "$data" "$data.mine" && mkdir "$data" && mv "$data.mine" "$data/main" || return 1
  before=$(grep -c "$said" "$lab_work/n$s/agent.log")
  lab_agent "$s"
  within_s 30 said_more "$s" "$said" "$before" || { echo "n$s did not refuse it"; return 1; }
  # It has seen who is primary several times by then.
  sleep 3
  [[ -e $data/main/PG_VERSION && ! -e $data.new ]] || { echo "n$s did not leave it as it was"; return 1; }
  agent_down "$s" || return 1
  mv "$data/main" "$data.mine" && rmdir "$data" && mv "$data.mine" "$data" && mkdir "$data.new" || return 1
  : >"$data.new/precious"
  before=$(grep -c "$way" "$lab_work/n$s/agent.log")
  lab_pg "$s" reinit || return 1
  lab_agent "$s"
  within_s 30 said_more "$s" "$way" "$before" || { echo "n$s did not say what is in the way"; return 1; }
  [[ -e $data.new/precious && -e $data/PG_VERSION ]] || { echo "n$s removed what is not its own"; return 1; }
  agent_down "$s" || return 1
  rm -rf "$data.new" "$lab_work/n$s/pg/data.rale/reinit"
  # Cut off between the two renames of a clone.
  (lab_as "$s" touch "$data/rale-pg.replaced" "$data/precious" "$data.making") || return 1
  mv "$data" "$data.replaced" && mkdir "$data.new" || return 1
  lab_agent "$s"
  within_s 40 streams_to "$n" "$s" || { echo "n$s does not stream"; return 1; }
  [[ -e $data/precious ]] || { echo "n$s did not take its own data back"; return 1; }
  rm -rf "$data/precious" "$data.new" "$data.making"
  began=$(now)
}

# demotes NODE: on_demote of that node, which on_promote is not, runs.
demotes() {
  local path
  for path in /proc/[0-9]*/environ; do
    if grep -qzx "RALE_PG_NODE=pg-$1" "$path" && [[ $(tr '\0' ' ' <"${path%environ}cmdline") != *'sleep 60'* ]]; then return 0; fi
  done 2>/dev/null
  return 1
}

fault_end() {
  agent_down "$1" || return 1
  ! demotes "$1" || { echo "on_demote of n$1 runs on, and a supervisor would kill it"; return 1; }
}

receivers_stream() {
  [[ $(lab_sql "$1" "select count(*) from pg_stat_replication where application_name in ('pg_receivewal', 'two * words') and state = 'streaming'") == 2 ]]
}

nobody_synchronous() {
  local names=
  [[ $lab_sync != strict ]] || names=rale_nobody
  [[ $(lab_sql "$1" 'show synchronous_standby_names') == "$names" ]] && lab_pg "$1" status | grep -q 'synchronous -'
}

# Two that are no standbys receive all there is, and flush at once: none of them is ever taken for one,
# with no other left to wait for, or to switch over to.
fault_receiver() {
  local n=$1 m name failed=0 wal=$lab_work/n$1/wal
  local -a receivers=()
  for name in pg_receivewal 'two * words'; do
    mkdir "$wal-${#receivers[@]}" || return 1
    ((EUID != 0)) || chown "$lab_user:$lab_group" "$wal-${#receivers[@]}"
    (lab_as "$n" "$lab_bin/pg_receivewal" --synchronous -D "$wal-${#receivers[@]}" \
      -d "host=${lab_host[n]} port=$((lab_base + 20 + n)) user=replicator application_name='$name'") >"$wal.log" 2>&1 &
    receivers+=($!)
  done
  if ! within_s 20 receivers_stream "$n"; then
    echo 'they receive nothing'
    failed=1
  elif [[ $lab_sync == off ]]; then
    lab_pg "$n" switchover || failed=1
  else
    for m in $lab_servers; do ((m == n)) || signal KILL "${agent_pid[m]}" "$(lab_postgres "$m")"; done
    within_s 40 nobody_synchronous "$n" || { echo "n$n waits for $(lab_sql "$n" 'show synchronous_standby_names')"; failed=1; }
    for m in $lab_servers; do ((m == n)) || lab_agent "$m"; done
  fi
  kill "${receivers[@]}"
  wait "${receivers[@]}"
  rm -rf "$wal"-?
  began=$(now)
  return "$failed"
}

# twin_refused NODE WHAT SETTINGS TEXT: rale-pg run with these settings instead ends with 1 and that text.
twin_refused() {
  local conf=$lab_work/n$1/twin-$2.conf code
  { grep -vE "^($(printf '%s\n' "$3" | sed 's/ *=.*//' | paste -sd '|')) *=" "$lab_work/n$1/rale-pg.conf"; printf '%s\n' "$3"; } >"$conf"
  (lab_as "$1" timeout $((2 * lab_ttl + 20)) "$lab_root/scripts/postgresql/rale-pg" --config "$conf" run) >"$conf.log" 2>&1
  code=$?
  if [[ $code != 1 ]] || ! grep -q "$4" "$conf.log"; then
    echo "a second one with $2 of n$1 ended with $code:"
    cat "$conf.log"
    return 1
  fi
}

fault_twin() {
  local n=$1 pg=$lab_work/n$1/pg one two three failed=0
  mkdir -p "$pg/twin" || return 1
  ((EUID != 0)) || chown "$lab_user:$lab_group" "$pg/twin"
  twin_refused "$n" state "state_directory = $pg/data.rale
data_directory = $pg/twin/data" 'state_directory of its own' &
  one=$!
  twin_refused "$n" data "state_directory = $pg/twin/other" 'data_directory of its own' &
  two=$!
  twin_refused "$n" name "state_directory = $pg/twin/rale
data_directory = $pg/twin/more" 'give each a "node" of its own' &
  three=$!
  wait "$one" || failed=1
  wait "$two" || failed=1
  wait "$three" || failed=1
  [[ ! -e $pg/twin/more ]] || { echo 'the second one made data'; failed=1; }
  rm -rf "$pg/twin"
  # It was no reason for anything.
  [[ $(lab_sql "$n" 'select pg_is_in_recovery()') == f ]] || { echo "n$n is not primary any more"; failed=1; }
  began=$(now)
  return "$failed"
}
