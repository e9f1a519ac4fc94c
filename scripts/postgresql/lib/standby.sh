# shellcheck shell=sh
# What a node without the lock does: follow who has it, or stand for it when nobody has.
# shellcheck disable=SC2034,SC2154 # variables of the files that are read beside this one

# candidate_step: nobody has the lock.
candidate_step() {
  clock
  pace=0.3
  [ -z "$job" ] || return 0
  [ "$r_pause" = 0 ] || {
    tell 'nobody is primary, and nobody is promoted: maintenance'
    return 0
  }
  if [ "$r_handover" != 0 ] && [ "$v_handover" != "$node" ]; then
    tell "the lock is for $v_handover"
    return 0
  fi
  if [ "$absent_since" = 0 ] || [ "$absent_of" != "$r_last" ]; then
    absent_since=$now
    absent_of=$r_last
  fi
  case $server in
    empty)
      [ "$r_system" = 0 ] || {
        tell 'nobody is primary, and there are no data here'
        return 0
      }
      # Who has data may just be starting, and says so in its first second.
      if [ "$view_unread" != 0 ] || [ $((now - absent_since)) -lt 3000 ]; then
        tell 'no data here, and nobody is primary yet: waits for who may have some'
        return 0
      fi
      while read -r member_name member_value; do
        case $member_value in
          *' state=empty '* | *' state=initdb '* | '') ;;
          *)
            tell "$member_name has data: they decide"
            return 0
            ;;
        esac
      done <<END
$members
END
      if [ "$now" -lt "$back_until" ]; then
        tell 'gave the lock up: lets others go first'
        return 0
      fi
      acquire
      return 0
      ;;
    foreign)
      tell "$(foreign_text)"
      return 0
      ;;
    dead)
      if [ -e "$data_directory.rewinding" ]; then
        tell 'half rewound: waits for a primary to clone'
        return 0
      fi
      [ "$r_system" = 0 ] || standby_system || return 0
      [ $((now - started)) -le 2000 ] || start_postgres ''
      return 0
      ;;
    replica) ;;
    hung)
      fence "it has not answered for $health_timeout s"
      return 0
      ;;
    *) return 0 ;;
  esac
  if [ "$now" -lt "$back_until" ] && [ "$v_handover" != "$node" ]; then
    tell 'gave the lock up: lets others go first'
    return 0
  fi
  if [ "$after" != "$r_last" ]; then
    after=$r_last
    publish
    return 0
  fi
  eligible || {
    tell "may not be promoted: what was acknowledged is at $v_sync for certain"
    return 0
  }
  if [ "$r_position" != 0 ] && [ "$r_sync" != 0 ]; then
    # Its name is on record; the data that are here now may be from another time.
    if [ "$v_last" != "$node" ] && [ "$tl" -lt "${v_position%% *}" ]; then
      tell "may not be promoted: it is on timeline $tl, the last primary was on ${v_position%% *}"
      return 0
    fi
  elif [ "$r_position" != 0 ]; then
    if [ "$tl" -lt "${v_position%% *}" ] || [ $((lsn + maximum_lag)) -lt "${v_position##* }" ]; then
      tell "is too far behind to be promoted: timeline $tl, $lsn, the last primary was at $v_position"
      return 0
    fi
  fi
  if [ "$v_handover" != "$node" ]; then first_among || return 0; fi
  acquire
}

# first_among: whether nobody who lives has more. Waits for a while for who has not said yet, and
# for who has more: that one may stand still.
first_among() {
  waited=$((now - absent_since))
  while read -r member_name member_value; do
    case $member_name in '' | "$node") continue ;; esac
    case " $v_sync " in
      '  ' | *" $member_name "*) ;;
      *) continue ;;
    esac
    member_field "$member_name" state
    case $field in
      replica) ;;
      dead | starting)
        [ "$waited" -ge 3000 ] || return 1
        continue
        ;;
      *) continue ;;
    esac
    member_field "$member_name" after
    if [ "$field" != "$r_last" ]; then
      [ "$waited" -ge 3000 ] || return 1
      continue
    fi
    member_field "$member_name" tl
    member_tl=${field:-0}
    member_field "$member_name" lsn
    member_lsn=${field:-0}
    [ "$member_tl" -ge "$tl" ] || continue
    [ "$member_tl" -gt "$tl" ] || [ "$member_lsn" -ge "$lsn" ] || continue
    if [ "$member_tl" = "$tl" ] && [ "$member_lsn" = "$lsn" ]; then
      # Equal: one order that all agree on.
      expr "X$member_name" \< "X$node" >/dev/null || continue
    fi
    tell "$member_name has more, and goes first"
    [ "$waited" -ge 5000 ] || return 1
  done <<END
$members
END
  return 0
}

# acquire: the lock, if all is still as it was read. Whether it was got is what the next reading says.
acquire() {
  say 'asks for the lock'
  store_txn "$(absent primary),$(absent pause),$(at_revision last "$r_last"),$(at_revision sync "$r_sync"),$(at_revision system "$r_system"),$(at_revision "node/$node" "$r_self")" \
    "$(put_leased primary "$node $instance $lease" "$lease"),$(put last "$node"),$(del handover)"
  pace=0.1
}

standby_system() {
  system=$(control 'Database system identifier')
  [ -n "$system" ] || {
    tell "pg_controldata can't read $data_directory: the database system's number is not known"
    return 1
  }
  [ "$system" = "$v_system" ] && return 0
  tell "the data here are of another database system ($system, the cluster's is $v_system): mv $data_directory $data_directory.kept, and they are cloned anew"
  return 1
}

# standby_step: somebody else has the lock.
standby_step() {
  clock
  after=0
  leader=${v_primary%% *}
  [ "$leader" != "$node" ] || return 0
  member_field "$leader" conn
  leader_host=${field%:*}
  leader_port=${field##*:}
  member_field "$leader" state
  leader_state=$field
  if [ -n "$job" ]; then
    # From one that is primary no more nothing comes, but it may not say so.
    if [ "$leader_state" = primary ] && [ "$job_source" != "$leader_host:$leader_port" ]; then
      tell "$job is ended: $leader is primary now, not who was at $job_source"
      kill -TERM "$job_pid" 2>/dev/null
    fi
    return 0
  fi
  [ -n "$leader_host" ] || return 0
  wanted=$(conninfo_of "$leader_host" "$leader_port")
  case $server in
    empty)
      [ "$r_pause" = 0 ] && [ "$leader_state" = primary ] || return 0
      job_start clone 86400 "$leader_host" "$leader_port"
      ;;
    foreign) tell "$(foreign_text)" ;;
    dead) standby_start ;;
    hung) [ "$r_pause" != 0 ] || fence "it has not answered for $health_timeout s" ;;
    starting)
      streaming_since=$now
      # It may wait for what only the primary has.
      ! standby_reinit || return 0
      if [ -e "$data_directory.promoted" ] && [ "$leader_state" = primary ] && [ "$r_pause" = 0 ]; then
        need=rewind
        stop_fast 10
      elif [ "$conninfo" != "$wanted" ]; then
        standby_follow
      fi
      ;;
    replica)
      ! standby_reinit || return 0
      if [ "$conninfo" != "$wanted" ]; then
        standby_follow
        return 0
      fi
      standby_streams
      ;;
  esac
}

standby_follow() {
  say "follows $leader"
  setting primary_conninfo "$wanted" || return 0
  conninfo=$wanted
  streaming_since=$now
}

# standby_reinit: stops what shall be cloned, if it was asked for and can be done.
standby_reinit() {
  [ -e "$state_directory/reinit" ] && [ "$leader_state" = primary ] && [ "$r_pause" = 0 ] || return 1
  need=clone
  stop_fast 10
}

standby_start() {
  [ "$r_pause" = 0 ] || return 0
  [ "$r_system" = 0 ] || standby_system || return 0
  [ ! -e "$data_directory.rewinding" ] || need=clone
  [ ! -e "$state_directory/reinit" ] || need=clone
  if [ "$need" = clone ]; then
    [ "$leader_state" != primary ] || job_start clone 86400 "$leader_host" "$leader_port"
    return 0
  fi
  if [ -e "$data_directory.promoted" ]; then
    [ -n "$need" ] || need=rewind
  elif [ ! -e "$data_directory/backup_label" ]; then
    case $(control 'Database cluster state') in
      'in archive recovery' | 'shut down in recovery') ;;
      *)
        # It was a primary, or is not known to have been none.
        [ -n "$need" ] || need=rewind
        ;;
    esac
  fi
  if [ "$need" = rewind ]; then
    [ "$leader_state" != primary ] || job_start rewind 3600 "$leader_host" "$leader_port"
    return 0
  fi
  [ $((now - started)) -le 2000 ] || start_postgres "$wanted"
}

# standby_streams: a server whose history went another way than the primary's never will; first it
# is rewound, then cloned.
standby_streams() {
  if [ "$receiving" != 0 ]; then
    streaming_since=$now
    # One whose history went another way does so for a moment, too.
    [ "$streams" = 1 ] || {
      streams=1
      return 0
    }
    need=
    told=
    rm -f "$data_directory.promoted"
    remove_replaced
    return 0
  fi
  streams=0
  if [ "$leader_state" != primary ] || [ "$r_pause" != 0 ]; then
    streaming_since=$now
    return 0
  fi
  # As long as it gets further it has not asked for more yet.
  if [ $((lsn + replayed)) -gt "$stream_seen" ]; then
    stream_seen=$((lsn + replayed))
    streaming_since=$now
  fi
  [ $((now - streaming_since)) -gt 8000 ] || return 0
  pg_isready -q -h "$leader_host" -p "$leader_port" -t 1 || {
    streaming_since=$now
    return 0
  }
  if [ "$need" = rewound ]; then need=clone; else need=rewind; fi
  say "does not stream from $leader: $need"
  stop_fast 10
}
