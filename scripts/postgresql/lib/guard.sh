# shellcheck shell=sh
# Between agent and PostgreSQL: stops PostgreSQL when its time is over, whatever became of the agent.
# A process of its own, since an agent that hangs or stands still can't do it; and the parent of the
# postmaster, so that the kernel ends PostgreSQL when this process is killed (PDEATHSIG).
# shellcheck disable=SC2034,SC2154 # variables of the files that are read beside this one

guard_end() {
  kill_postgres
  # One that was started just now does not work in its directory yet, nor listen to signals.
  postmaster=${postmaster:-${!-}}
  if [ -n "$postmaster" ] && [ -e "/proc/$postmaster/cwd" ]; then
    kill -KILL "$postmaster" 2>/dev/null
    wait "$postmaster"
    kill_postgres
  fi
  say "guard: PostgreSQL is stopped: $1"
  guard_left
  exit 3
}

# Tells the hook, if this server may have been the primary.
guard_left() {
  [ "$guard_deadline" != none ] || return 0
  hook on_demote "$on_demote"
}

guard_run() {
  agent=$1
  guard_deadline=none
  postmaster=
  data_real=$(cd "$data_directory" && pwd -P) || exit 1
  trap 'guard_end "its agent ended, or said so"' TERM INT HUP
  # What a restore has left in an existing database's configuration would end recovery too early, and
  # promote without the lock. (PostgreSQL 16 knows no promote_trigger_file any more.)
  no_trigger=
  read -r guard_version <"$data_directory/PG_VERSION"
  [ "${guard_version%%.*}" -ge 16 ] || no_trigger='-c promote_trigger_file='
  # shellcheck disable=SC2086 # none or two words
  setpriv --pdeathsig QUIT "$bin_directory/postgres" -D "$data_directory" $no_trigger \
    -c recovery_target= -c recovery_target_lsn= -c recovery_target_name= -c recovery_target_time= \
    -c recovery_target_xid= -c recovery_target_action=pause \
    -c "port=$port" -c "listen_addresses=$listen_addresses" -c "unix_socket_directories=$socket_directory" \
    -c "cluster_name=$node" -c hot_standby=on -c wal_log_hints=on -c full_page_writes=on \
    -c recovery_target_timeline=latest -c "wal_sender_timeout=${ttl}s" -c "wal_receiver_timeout=${ttl}s" \
    >>"$state_directory/postgresql.log" 2>&1 </dev/null &
  postmaster=$!
  printf '%s\n' "$postmaster" >"$state_directory/postmaster"
  while kill -0 "$postmaster" 2>/dev/null; do
    clock
    # The agent writes while we read: what is no whole number is the one from before.
    if read -r guard_new <"$state_directory/deadline"; then
      case $guard_new in
        none) guard_deadline=none ;;
        *[!0-9]* | '') ;;
        *) guard_deadline=$guard_new ;;
      esac
    fi
    if [ "$guard_deadline" != none ] && [ "$now" -ge "$guard_deadline" ]; then
      guard_end 'the lock was not renewed in time'
    fi
    # Its agent is our parent; the signal for its death may have come before it was asked for.
    kill -0 "$agent" 2>/dev/null || guard_end 'its agent is gone'
    printf '%s %s\n' "$guard_deadline" "$now" >"$state_directory/armed"
    sleep 0.2 &
    wait $!
  done
  wait "$postmaster"
  code=$?
  # A postmaster that was killed leaves children that serve their clients.
  kill_postgres
  say "guard: PostgreSQL ended with $code"
  guard_left
}
