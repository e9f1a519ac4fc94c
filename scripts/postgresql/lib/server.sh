# shellcheck shell=sh
# The local PostgreSQL: what it says of itself, its processes, and the settings that are ours.
# shellcheck disable=SC2034,SC2154 # variables of the files that are read beside this one

# query SQL: for two seconds at most, and no longer than the lock lasts; for $query_limit where it is set.
query() {
  limit=${query_limit-}
  [ -n "$limit" ] || within 2000 || return 1
  timeout -k 0.2 "$limit" psql -XqAt -F '|' -v ON_ERROR_STOP=1 -h "$socket_directory" -p "$port" -U "$superuser" -d postgres -c "$1"
}

# survivors: the ids of all processes of this data directory, as $pids, the postmaster's or not:
# also such whose postmaster is dead, which still serve their clients. One process looks for all of
# them, and finds this shell, too: a search that did not is one that failed, and says nothing.
survivors() {
  data_pattern=$(printf '%s' "$data_real" | sed 's/[][*?\\]/\\&/g')
  while :; do
    found=$(find /proc/[0-9]*/cwd -maxdepth 0 \( -path "/proc/$$/cwd" -o -lname "$data_pattern" -o -lname "$data_pattern (deleted)" \) 2>/dev/null)
    case "
$found
" in *"
/proc/$$/cwd
"*) break ;; esac
    sleep 0.1
  done
  pids=
  for survivor in $found; do
    survivor=${survivor%/cwd}
    if read -r survivor_name 2>/dev/null <"$survivor/comm" && [ "$survivor_name" = postgres ]; then
      pids="$pids ${survivor#/proc/}"
    fi
  done
}

# data_foreign: whether the data directory, which is no database, is not empty either, or can't be
# looked into: then somebody else needs what is there, or below.
data_foreign() {
  [ -e "$data_directory" ] || [ -h "$data_directory" ] || return 1
  ! foreign=$(find "$data_directory/" -mindepth 1 ! -path "$data_directory/rale-pg.replaced" -print -quit 2>&1) || [ -n "$foreign" ]
}

foreign_text() { printf '%s is not empty, and no database: empty it, or correct data_directory in %s' "$data_directory" "$config"; }

# remove_replaced: begins to remove the directory that a clone has taken the place of, if rale-pg put it
# there; or goes on with it. Beside the loop, since a large one takes long. The mark goes last.
remove_replaced() {
  [ -e "$data_directory.replaced/rale-pg.replaced" ] || return 0
  ! removing || return 0
  if [ -z "$(find "$data_directory.replaced" -mindepth 1 ! -path "$data_directory.replaced/rale-pg.replaced" -print -quit)" ]; then
    rm -rf "$data_directory.replaced"
    return 0
  fi
  rm -f "$data_directory.replaced/PG_VERSION"
  setpriv --pdeathsig KILL find "$data_directory.replaced" -mindepth 1 ! -path "$data_directory.replaced/rale-pg.replaced" -delete 8>&- 9>&- </dev/null &
  remover=$!
}

# put_back: an end between the two renames of a clone has left no data_directory, and its own data, whole,
# beside it: they may be all that there is. What is being removed has no PG_VERSION any more.
put_back() {
  if [ -e "$data_directory.new" ] || [ -h "$data_directory.new" ]; then
    if [ ! -e "$data_directory" ] && [ ! -h "$data_directory" ] && [ -e "$data_directory.making" ] \
      && [ -e "$data_directory.replaced/rale-pg.replaced" ] && [ -e "$data_directory.replaced/PG_VERSION" ]; then
      say "a clone was cut off: $data_directory.replaced is $data_directory again"
      mv "$data_directory.replaced" "$data_directory" || return 1
      data_real=$(cd "$data_directory" && pwd -P)
    fi
  else
    # A data_directory.new that comes from now on is not rale-pg's.
    rm -f "$data_directory.making"
  fi
}

removing() { [ -n "$remover" ] && kill -0 "$remover" 2>/dev/null; }

# kill_postgres: returns when no process of this data directory is left. Immediate mode first;
# after half a second what is left is killed, as is what stands still and takes no other signal.
kill_postgres() {
  # Before the search: with many sessions it takes a while. The number may be from before, and be
  # another PostgreSQL's now.
  if read -r kill_first 2>/dev/null <"$state_directory/postmaster" \
    && read -r kill_name 2>/dev/null <"/proc/$kill_first/comm" && [ "$kill_name" = postgres ] \
    && [ "$(readlink "/proc/$kill_first/cwd" 2>/dev/null)" = "$data_real" ]; then
    kill -QUIT "$kill_first" 2>/dev/null
  fi
  survivors
  # shellcheck disable=SC2086 # ids, split at blanks
  [ -z "$pids" ] || kill -QUIT $pids 2>/dev/null
  kill_tries=0
  while [ -n "$pids" ]; do
    kill_tries=$((kill_tries + 1))
    if [ "$kill_tries" -gt 5 ]; then
      # Stopped first: a postmaster whose children die would start others.
      # shellcheck disable=SC2086
      kill -STOP $pids 2>/dev/null
      survivors
      # shellcheck disable=SC2086
      [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
    fi
    sleep 0.1
    survivors
  done
}

# setting NAME VALUE: into postgresql.auto.conf, which is read last; by hand, since the server may
# be down. Reads it anew where it runs.
setting() {
  setting_file=$data_directory/postgresql.auto.conf
  if ! {
    # Not found is no failure; a full disk is one.
    if [ -e "$setting_file" ]; then
      grep -av "^$1[ =]" "$setting_file"
      [ $? -le 1 ]
    fi && printf "%s = '%s'\n" "$1" "$2"
  } >"$setting_file.new" || ! sync "$setting_file.new" || ! mv "$setting_file.new" "$setting_file"; then
    say "$1 could not be written to $setting_file"
    return 1
  fi
  if [ -n "$guard" ] && read -r setting_pid <"$state_directory/postmaster"; then
    kill -HUP "$setting_pid" 2>/dev/null
  fi
}

control() {
  pg_controldata -D "$data_directory" 2>/dev/null | sed -n "s/^$1: *//p"
}

# look: what the server does, as $server: empty (no data), foreign (something else is there), dead,
# hung, starting, replica, primary, busy (a primary that did not answer this time);
# and of a running one $tl, $lsn and $replayed (bytes), $receiving, $conninfo, $sync_names, $replicas.
look() {
  replicas=
  if [ ! -f "$data_directory/PG_VERSION" ]; then
    server=empty
    ! data_foreign || server=foreign
    return
  fi
  if [ -n "$guard" ] && ! kill -0 "$guard" 2>/dev/null; then
    wait "$guard" 2>/dev/null
    look_code=$?
    say "PostgreSQL has ended: $state_directory/postgresql.log, or its own log, says why"
    # One that was killed could not tell the hook.
    [ "$look_code" -le 128 ] || [ "$armed" = 0 ] || hook on_demote "$on_demote"
    guard_ended
  fi
  if [ -z "$guard" ]; then
    server=dead
    return
  fi
  if look_reply=$(query "
    select pg_is_in_recovery(),
      (select max(('x' || substr(name, 1, 8))::bit(32)::int) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}\$'),
      case when pg_is_in_recovery()
        then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn
        else pg_current_wal_flush_lsn() - '0/0'::pg_lsn end,
      (select timeline_id from pg_control_checkpoint()),
      (select count(*) from pg_stat_wal_receiver where status = 'streaming'),
      coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0),
      current_setting('primary_conninfo'), current_setting('cluster_name'), current_setting('synchronous_standby_names');
    select 'replica', application_name, state, coalesce(flush_lsn - '0/0'::pg_lsn, 0), sync_priority
      from pg_stat_replication where state = 'streaming' and application_name ~ '^[a-z0-9_-]+\$' order by flush_lsn desc nulls last" 2>"$state_directory/look.err"); then
    IFS='|' read -r look_recovery tl lsn checkpoint_tl receiving replayed conninfo look_name sync_names <<END
$look_reply
END
    sync_names=${sync_names#\"}
    sync_names=${sync_names%\"}
    replicas=$(printf '%s\n' "$look_reply" | sed -n 's/^replica|//p')
    [ "$look_name" = "$node" ] || {
      tell "another PostgreSQL, cluster_name \"$look_name\", answers at $socket_directory, port $port: end it, or correct one of these in $config"
      look_recovery=
    }
    case $look_recovery in
      t) server=replica ;;
      f) server=primary ;;
      *) server=starting ;;
    esac
    clock
    answered=$now
    heard=$now
    look_told=
    return
  fi
  # It refuses, it is slow, or it is silent: that is what a server that stands still is.
  server=starting
  [ "$announced" = 0 ] || server=busy
  look_limit=$health_timeout
  within 1000 || return
  if timeout -k 0.2 "$limit" pg_isready -q -h "$socket_directory" -p "$port" -t 1 || [ $? = 1 ]; then
    look_limit=$primary_start_timeout
  fi
  clock
  # One that has not answered yet is about to.
  [ "$answered" -gt "$started" ] || look_limit=$primary_start_timeout
  # Too many clients, for one.
  if grep -q FATAL "$state_directory/look.err"; then answered=$now; fi
  if [ $((now - heard)) -gt 10000 ]; then
    look_says=$(tr '\n' ' ' <"$state_directory/look.err")
    [ "$look_says" = "$look_told" ] || say "PostgreSQL takes no query since 10 s: ${look_says:-it is silent}"
    look_told=$look_says
  fi
  [ $((now - answered)) -lt $((look_limit * 1000)) ] || server=hung
}

# start_postgres CONNINFO: always as a standby. Only a promotion makes it writable.
start_postgres() {
  # Also one that fails is not tried again at once.
  clock
  started=$now
  survivors
  if [ -n "$pids" ]; then
    say "a PostgreSQL that is not ours runs in $data_directory (processes$pids): it is stopped"
    kill_postgres
  fi
  # By true and not by ":", since a special built-in that can't write ends the whole shell.
  true >"$data_directory/standby.signal" || return 1
  rm -f "$data_directory/recovery.signal"
  # Numbers of timelines that were kept free, and that no promotion went beyond; empty where the disk
  # was full.
  # shellcheck disable=SC2044
  for start_history in $(find "$data_directory/pg_wal" -maxdepth 1 -name '????????.history' | sort -r); do
    case $(cat "$start_history") in '# kept free' | '') rm -f "$start_history" ;; *) break ;; esac
  done
  setting primary_conninfo "$1" || return 1
  if [ "$synchronous_mode" = off ]; then
    setting synchronous_standby_names '' || return 1
  else
    # Whatever is promoted acknowledges nothing before its agent has said who is synchronous.
    setting synchronous_standby_names rale_nobody || return 1
  fi
  find "$state_directory/postgresql.log" -size +10M -exec mv {} {}.old ';' 2>/dev/null
  printf 'none\n' >"$state_directory/deadline"
  rm -f "$state_directory/armed" "$state_directory/postmaster" "$data_directory/rale-pg.replaced"
  setsid setpriv --pdeathsig TERM "$self" --config "$config" _guard $$ 8>&- 9>&- </dev/null &
  guard=$!
  printf '%s\n' "$guard" >"$state_directory/guard"
  clock
  answered=$now
  heard=$now
  look_told=
  started=$now
  conninfo=$1
  armed=0
  promoting=0
  streaming_since=$now
  streams=0
  stream_seen=0
  say "PostgreSQL starts as a standby${1:+ of $1}"
}

# hook NAME COMMAND: in the background and for ten seconds at most, so that it can't hold anything up.
hook() {
  [ -n "$2" ] || return 0
  (
    RALE_PG_NODE=$node RALE_PG_CLUSTER=$cluster RALE_PG_TOKEN=${token:-0}
    export RALE_PG_NODE RALE_PG_CLUSTER RALE_PG_TOKEN
    setsid timeout -k 1 10 sh -c "$2" || say "$1 ended with $?"
  ) 8>&- 9>&- </dev/null &
  printf '%s\n' "$!" 2>/dev/null >"$state_directory/hook"
}

# hook_ends: returns when the last hook, the guard's or ours, has ended, or its time is over.
hook_ends() {
  read -r hook_last 2>/dev/null <"$state_directory/hook" || return 0
  hook_tries=0
  while [ -e "/proc/$hook_last/cwd" ] && [ "$hook_tries" -lt 115 ]; do
    hook_tries=$((hook_tries + 1))
    sleep 0.1
  done
}

conninfo_of() {
  printf 'host=%s port=%s user=%s application_name=%s connect_timeout=2 keepalives_idle=5%s' \
    "$1" "$2" "$replication_user" "$node" "${passfile:+ passfile=$passfile}"
}
