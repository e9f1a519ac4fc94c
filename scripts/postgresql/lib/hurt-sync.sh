# shellcheck shell=bash
# Faults of the synchronous standby, and of the one who would be promoted. As those in hurt.sh.
# shellcheck disable=SC2034,SC2154 # variables of the scripts that read this one

# standbys_down PRIMARY [BUT]: all others, but that one, are killed.
standbys_down() {
  local m
  for m in $lab_servers; do
    [[ $m == "$1" || $m == "${2-}" ]] || signal KILL "${agent_pid[m]}" "$(lab_postgres "$m")"
  done
}

standbys_up() {
  local m
  for m in $lab_servers; do
    [[ $m == "$1" || $m == "${2-}" ]] || lab_agent "$m"
  done
}

receiver_of() { receiver=$(pgrep -f "^postgres: pg-$1: walreceiver"); }
streams_to() { [[ $(lab_sql "$1" "select state from pg_stat_replication where application_name = 'pg-$2'") == streaming ]]; }
acked_since() { (($(last_ack) > $1)); }
on_record() { lab_pg "$1" status | grep -q "synchronous pg-$2"; }

# lagging PRIMARY NODE: that one, whose agent is started, streams from now on, and receives nothing: PostgreSQL
# holds it for one that has caught up. Its receiver's number is $receiver.
lagging() {
  local n=$1 s=$2 failed=0 since
  within_s 30 receiver_of "$s" || { echo "n$s does not stream"; return 1; }
  # So that it is not waited for before it stands still.
  signal STOP "${agent_pid[n]}"
  if within_s 4 streams_to "$n" "$s"; then
    signal STOP "$receiver"
    since=$(($(now) + 200))
    # What is on its way to it has nothing to do with what is in it: it is killed before it reads that.
    if [[ $lab_sync != strict ]]; then
      within_s 3 acked_since "$since" || { echo "n$n took no writes meanwhile"; failed=1; }
    fi
  else
    echo "n$s does not stream in time"
    failed=1
  fi
  signal CONT "${agent_pid[n]}"
  return "$failed"
}

tried_synchronous() { grep -q "^pg-$2 " "$lab_work/n$1/pg/data.rale/synchronous"; } 2>/dev/null

position_beyond() {
  raled_says "$1" 'GET pg/lab/position' && ((${said##* } >= $2))
}

# A standby comes back, streams, and lacks what was acknowledged since; so it may neither be put on record nor,
# where there is no record, be promoted while the primary is away.
fault_lag() {
  local n=$1 s=${sync:-$(($1 % servers + 1))} far
  standbys_down "$n"
  if [[ $lab_sync != off ]]; then
    within_s 40 nobody_synchronous "$n" || { echo "n$n waits for $(lab_sql "$n" 'show synchronous_standby_names')"; return 1; }
  fi
  lab_agent "$s"
  lagging "$n" "$s" || return 1
  if [[ $lab_sync == off ]]; then
    # More than maximum_lag.
    far=$(lab_sql "$n" "select pg_logical_emit_message(false, 'far', repeat('x', 4000000)) - '0/0'::pg_lsn")
    within_s 10 position_beyond "$n" "$far" || { echo "the position of n$n does not rise"; return 1; }
  else
    within_s 20 tried_synchronous "$n" "$s" || { echo "n$n did not try to wait for n$s"; return 1; }
    # Two rounds of the agent, in which it may do what it should not.
    if within_s 3 on_record "$n" "$s"; then
      echo "n$s is on record without what was acknowledged"
      return 1
    fi
  fi
  signal KILL "${agent_pid[n]}" "${raled_pid[n]}" "$(lab_postgres "$n")"
  signal KILL "$(lab_postgres "$s")"
  standbys_up "$n" "$s"
  hurt=$n
  began=$(($(now) + 2 * lab_ttl * 1000))
}

named_again() { grep -q "^synchronous_standby_names = 'pg-$2'\|^synchronous_standby_names = '\"pg-$2\"'" "$lab_work/n$1/pg/data/postgresql.auto.conf"; }

# What was waiting for the synchronous standby, which stands still, is acknowledged without it.
fault_reset() {
  local n=$1 s=$sync failed=0
  standbys_down "$n" "$s"
  receiver_of "$s" || { echo "n$s does not stream"; return 1; }
  signal STOP "$receiver"
  # Beside the agent's own writing of that file one of the two may be lost.
  lab_sql "$n" 'alter system reset all' >/dev/null && lab_sql "$n" 'select pg_reload_conf()' >/dev/null || return 1
  if ! within_s 8 named_again "$n" "$s"; then
    echo "n$n did not go back to waiting for n$s"
    failed=1
  elif on_record "$n" "$s"; then
    echo "n$s is on record still, without what was acknowledged"
    failed=1
  fi
  signal CONT "$receiver"
  standbys_up "$n" "$s"
  began=$(now)
  return "$failed"
}

# The primary's request to put its standby on record is not answered; the standby is gone; it goes on without;
# and now the request arrives.
fault_late() {
  local n=$1 s=$sync m=$(($1 % 3 + 1)) failed=0 said since
  rm -f "$lab_work/held"
  standbys_down "$n"
  within_s 40 nobody_synchronous "$n" || { echo "n$n waits for somebody"; return 1; }
  : >"$lab_work/hold"
  lab_agent "$s"
  if ! within_s 40 test -e "$lab_work/held"; then
    echo "n$n did not try to put n$s on record"
    failed=1
  else
    standbys_down "$n" "$((6 - n - s))"
    within_s 40 nobody_synchronous "$n" || { echo "n$n waits for n$s still"; failed=1; }
    since=$(now)
    [[ $lab_sync == strict ]] || within_s 5 acked_since "$since" || { echo "n$n takes no writes"; failed=1; }
    said=$(nc -NU "$lab_work/n$m/rale.sock" <"$lab_work/held")
    case $said in
      *'"succeeded":false'*) ;;
      *)
        echo "n$s, which nobody waits for, is on record: $said"
        failed=1
        ;;
    esac
  fi
  rm -f "$lab_work/hold"
  standbys_up "$n"
  began=$(now)
  return "$failed"
}
