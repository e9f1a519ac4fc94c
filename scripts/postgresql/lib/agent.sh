# shellcheck shell=sh
# The loop: keep the lease alive, read all, look at the server, and do what follows.
# shellcheck disable=SC2034,SC2154 # variables of the files that are read beside this one

agent_run() {
  mkdir -p "$state_directory" && chmod 700 "$state_directory" || exit 1
  # Of one that was killed a child may be about to end.
  exec 8>>"$data_directory.lock" 9>>"$state_directory/lock" || exit 1
  agent_alone 8 data_directory "$data_directory.lock"
  agent_alone 9 state_directory "$state_directory/lock"
  # A guard that was left behind would stop what is started now.
  if read -r old_guard <"$state_directory/guard" 2>/dev/null; then
    case $(tr '\0' ' ' <"/proc/$old_guard/cmdline" 2>/dev/null) in
      *"$config _guard"*) kill -KILL "$old_guard" ;;
    esac
  fi 2>/dev/null
  agent_instance
  data_real=$data_directory
  [ ! -d "$data_directory" ] || data_real=$(cd "$data_directory" && pwd -P)
  # Whatever runs there has no guard: not ours to keep.
  kill_postgres
  put_back || exit 1
  token=0
  hook on_demote "$on_demote"
  lease=0 holding=0 fresh=0 valid_until=0
  guard="" armed=0 promoting=0 announced=0 started=0 answered=0 streaming_since=0 stream_seen=0 remover="" heard=0 look_told=""
  server=dead tl=0 lsn=0 receiving=0 published="" after=0 absent_since=0 absent_of=""
  job="" job_failed=0 job_failing="" job_fails=0 job_again=5000 job_pid="" job_source="" inits=0 need="" told="" stop=0 reserved=0 dead_since=0 rewinds=0 held_since=0 sync_wait="" sync_late="" sync_try=0 streams=0 role_done=0 role_tried=0 checkpoint_tl=0
  twin_since=0 failed=0 falls=0 back_until=0
  trap 'stop=1' TERM INT HUP
  say "runs for cluster $cluster, ttl $ttl s, synchronous_mode $synchronous_mode"
  while [ "$stop" = 0 ]; do
    pace=1
    agent_once
    [ "$stop" = 0 ] || break
    sleep "$pace" 8>&- 9>&- &
    wait $!
  done
  agent_stop
}

# agent_alone FD SETTING FILE: until this process ends no other one can say that.
agent_alone() {
  flock -w 5 "$1" || {
    read -r alone_other <"$3"
    say "another rale-pg, process ${alone_other:-of another machine}, runs with this $2: end it, or give this one a $2 of its own in $config"
    exit 1
  }
  printf '%s\n' $$ >"$3"
}

# agent_instance: the name of this place, as $instance: what ran here before this process is dead for
# certain, so what it left in the store is ours. That is so for this file, since it is locked, and for
# this start of the machine: a copy of the directory on another one makes a name of its own.
agent_instance() {
  read -r instance_boot </proc/sys/kernel/random/boot_id
  instance_place="$instance_boot $(stat -c %d:%i "$state_directory/lock")"
  read -r instance instance_known 2>/dev/null <"$state_directory/instance" || instance_known=
  [ "$instance_known" != "$instance_place" ] || return 0
  instance=$(od -An -N8 -tx1 /dev/urandom | tr -d ' ')
  if [ "${#instance}" != 16 ] || ! printf '%s %s\n' "$instance" "$instance_place" >"$state_directory/instance"; then
    say "no name of this place could be written to $state_directory/instance"
    exit 1
  fi
}

# tell TEXT: once, until there is something else to tell.
tell() {
  [ "$told" = "$1" ] || say "$1"
  told=$1
}

agent_once() {
  guard_check
  renew
  if [ "$holding" = 0 ] && [ "$armed" = 1 ]; then
    fence 'the lock is not ours any more'
  fi
  job_check
  [ -n "$job" ] || look
  if [ "$server" = primary ] && [ "$armed" = 0 ]; then
    fence 'it takes writes without the lock'
    look
  fi
  if [ "$fresh" = 1 ]; then
    [ "$holding" = 1 ] || named || return 0
    if [ "$holding" = 1 ]; then
      absent_since=0
      primary_step
    elif [ "$r_primary" = 0 ]; then
      candidate_step
    else
      absent_since=0
      standby_step
    fi
    publish
    refused
  else
    tell "${store_error:-no raled answers with a majority behind it}"
  fi
}

# refused: what raled has refused for good (there is no room for it, say) is told, and not asked again at once.
refused() {
  [ -n "$store_error" ] || return 0
  tell "$store_error"
  pace=1
}

# named: whether the store knows this node's name for this server's. Nothing is done before: to a
# primary two servers of one name are one standby.
named() {
  member_field "$node" id
  if [ "$r_self" = 0 ]; then
    published=
  elif [ -n "$field" ] && [ "$field" != "$instance" ]; then
    published=
    named_not
    return 1
  fi
  twin_since=0
  [ -z "$published" ] || return 0
  publish
  pace=0.1
  refused
  return 1
}

# named_not: the name is in use, by another server or by what ran here before the machine or the
# directory was another one; the latter ends with its lease.
named_not() {
  clock
  [ "$twin_since" != 0 ] || twin_since=$now
  member_field "$node" conn
  [ -z "$guard" ] || fence 'another server has its name'
  [ -z "$job" ] || kill -TERM "$job_pid" 2>/dev/null
  named_limit=$((2 * ttl + 5))
  tell "the name $node is taken, by $field: waits up to $named_limit s, as long as it may be this server's from before"
  [ $((now - twin_since)) -gt $((named_limit * 1000)) ] || return 0
  say "another server is $node, at $field: give each a \"node\" of its own (this one's is in $config), and start this one again"
  failed=1
  stop=1
}

# bound: how long it is of use to wait for others: as long as the lock is ours.
bound() {
  use_until=0
  if [ "$holding" = 1 ] || [ "$armed" = 1 ]; then use_until=$valid_until; fi
}

# renew: the lease, and what follows for how long the lock is ours: from the moment at which the
# last renewal that was answered had been sent.
renew() {
  fresh=0
  bound
  if [ "$lease" = 0 ]; then
    lease_grant $((ttl * 1000)) || return
    lease=$granted
    published=
  fi
  store_view "$lease"
  case $? in
    0)
      fresh=1
      # Clocks may differ by 5 %; and stopping takes its time.
      valid_until=$((sent + ttl * 950 - fence_margin))
      if [ "$v_primary" = "$node $instance $lease" ]; then
        [ "$holding" = 1 ] || held_since=$sent
        holding=1
        bound
        token=$r_primary
        [ "$armed" = 0 ] || printf '%s\n' "$valid_until" >"$state_directory/deadline"
      else
        holding=0
        # Ours, from before this process: whatever it stood for is dead.
        case $v_primary in
          "$node $instance "*)
            [ "$armed" = 1 ] || store_txn "$(at_revision primary "$r_primary")" "$(del primary)" && pace=0.1
            ;;
        esac
      fi
      ;;
    2)
      say 'the lease has ended'
      lease=0
      holding=0
      ;;
    *)
      clock
      if [ "$now" -ge "$valid_until" ]; then holding=0; fi
      ;;
  esac
}

# fence REASON: no process of this PostgreSQL is left when it returns.
fence() {
  kill_postgres
  say "PostgreSQL was stopped at once: $1"
  guard_reap
}

guard_reap() {
  reap_tries=0
  while [ -n "$guard" ] && kill -0 "$guard" 2>/dev/null && [ "$reap_tries" -lt 20 ]; do
    reap_tries=$((reap_tries + 1))
    sleep 0.1
  done
  [ -z "$guard" ] || guard_ended
}

# guard_ended: for certain, and its PostgreSQL with it.
guard_ended() {
  if kill -0 "$guard" 2>/dev/null; then
    say 'the guard stands still, and is killed'
    kill -KILL "$guard" 2>/dev/null
    [ "$armed" = 0 ] || hook on_demote "$on_demote"
  fi
  kill_postgres
  guard=
  armed=0
  bound
  promoting=0
  announced=0
  server=dead
}

# A guard that does not look any more guards nothing.
guard_check() {
  [ -n "$guard" ] && read -r guard_knows guard_seen <"$state_directory/armed" 2>/dev/null || return 0
  clock
  case $guard_seen in '' | *[!0-9]*) return 0 ;; esac
  [ $((now - guard_seen)) -lt $((ttl * 500)) ] || guard_ended
}

# arm: the guard knows the deadline before anything is promoted. Returns 2 where it can't.
arm() {
  printf '%s\n' "$valid_until" 2>/dev/null >"$state_directory/deadline" || return 2
  armed=1
  arm_tries=0
  while [ "$arm_tries" -lt 15 ]; do
    if read -r guard_knows guard_seen <"$state_directory/armed" 2>/dev/null; then
      [ "$guard_knows" != "$valid_until" ] || return 0
    fi
    arm_tries=$((arm_tries + 1))
    sleep 0.1
  done
  return 1
}

job_start() {
  # What failed just now is not tried again at once, but with another source it is as soon as ever.
  [ "$job_failing" = "$1 ${3-}:${4-}" ] || job_again=5000
  [ $((now - job_failed)) -gt "$job_again" ] || return 0
  # A job may need the place.
  ! removing || return 0
  job=$1
  job_limit=$2
  shift 2
  job_source=${1-}:${2-}
  say "$job${1:+ of $1:$2} begins"
  setsid setpriv --pdeathsig TERM timeout -s TERM "$job_limit" "$self" --config "$config" "_$job" "$@" 8>&- 9>&- </dev/null &
  job_pid=$!
  server=$job
}

# job_check: what became of it, when it has ended.
job_check() {
  if [ -z "$job" ] || kill -0 "$job_pid" 2>/dev/null; then return 0; fi
  wait "$job_pid"
  job_code=$?
  job_done=$job
  job=
  kill_postgres
  if [ "$job_code" != 0 ]; then
    clock
    job_failed=$now
    if [ "$job_failing" != "$job_done $job_source" ]; then
      job_failing="$job_done $job_source"
      job_fails=0
    fi
    # It costs the primary, too: after three times ever more rarely, up to five minutes.
    job_fails=$((job_fails + 1))
    job_again=5000
    [ "$job_fails" -le 2 ] || job_again=$((job_again << (job_fails < 9 ? job_fails - 3 : 6)))
    [ "$job_again" -le 300000 ] || job_again=300000
    say "$job_done failed with $job_code, $job_fails times in a row: not again within $((job_again / 1000)) s"
    [ "$job_done" != initdb ] || inits=$((inits + 1))
    if [ "$job_done" = rewind ]; then
      rewinds=$((rewinds + 1))
      # The primary may have gone meanwhile; what fails again and again needs a clone.
      [ "$rewinds" -lt 3 ] || need=clone
    fi
    return 0
  fi
  data_real=$(cd "$data_directory" && pwd -P)
  rewinds=0
  inits=0
  job_failing=
  case $job_done in
    rewind) need=rewound ;;
    clone) need= ;;
  esac
  pace=0.1
}

# publish: what the others have to know of this node, as long as its lease lasts.
publish() {
  publish_state=$server
  # pg_rewind reads the timeline of a source from its last checkpoint.
  if [ "$server" = primary ] && [ "$checkpoint_tl" != "$tl" ]; then publish_state=promoted; fi
  publish_value="id=$instance conn=$host:$port state=$publish_state tl=${tl:-0} lsn=${lsn:-0} after=$after streaming=${receiving:-0}"
  [ "$publish_value" != "$published" ] && [ "$lease" != 0 ] || return 0
  if [ "$server" = primary ] && [ "$holding" = 1 ]; then
    store_txn "$(at_revision primary "$token"),$(at_revision "node/$node" "$r_self")" \
      "$(put_leased "node/$node" "$publish_value" "$lease"),$(put position "$tl $lsn")" || return 0
  else
    store_txn "$(at_revision "node/$node" "$r_self")" "$(put_leased "node/$node" "$publish_value" "$lease")" || return 0
  fi
  published=$publish_value
}

# stop_fast LIMIT: all that was written goes to the standbys first. Goes on renewing meanwhile.
stop_fast() {
  clock
  stop_until=$((now + $1 * 1000))
  if [ -n "$guard" ] && read -r stop_pid <"$state_directory/postmaster"; then
    kill -INT "$stop_pid" 2>/dev/null
  fi
  while [ -n "$guard" ] && kill -0 "$guard" 2>/dev/null && [ "$now" -lt "$stop_until" ]; do
    sleep 0.2
    renew
    [ "$armed" = 0 ] || [ "$holding" = 1 ] || break
    clock
  done
  kill_postgres
  guard_reap
}

agent_stop() {
  say 'ends, and PostgreSQL with it'
  stop_fast 30
  [ -z "$job" ] || kill -TERM "$job_pid" 2>/dev/null
  # Its keys go with it: the lock, if it is ours, and what this node says of itself.
  [ "$lease" = 0 ] || store_ask '{"command":"LEASE REVOKE","lease":'"$lease}"
  # A supervisor kills what is left when this process ends.
  hook_ends
  exit "$failed"
}
