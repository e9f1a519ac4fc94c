# shellcheck shell=sh
# What the holder of the lock does.
# shellcheck disable=SC2034,SC2154 # variables of the files that are read beside this one

# release REASON: only when no process of this PostgreSQL is left. Others have the time of a lease to
# take it.
release() {
  say "the lock is given up: $1"
  fence "$1"
  store_txn "$(at_revision primary "$token")" "$(del primary)"
  holding=0
  falls=0
  clock
  back_until=$((now + ttl * 1000))
  look
}

primary_step() {
  after=0
  [ -z "$job" ] || return 0
  clock
  case $server in
    empty)
      if [ "$inits" -ge 2 ]; then
        inits=0
        release 'no database could be made here'
      elif [ "$r_system" = 0 ]; then
        job_start initdb 600
      else
        release 'there are no data here'
      fi
      ;;
    foreign) release "$(foreign_text)" ;;
    dead)
      [ "$r_pause" = 0 ] || return 0
      # A crash is mended where it happened, as long as that goes fast.
      [ "$dead_since" != 0 ] || dead_since=$now
      if [ $((now - dead_since)) -gt $((primary_start_timeout * 1000)) ]; then
        dead_since=0
        release "PostgreSQL did not become primary within $primary_start_timeout s"
        return 0
      fi
      # One that falls again and again (a full disk) does so elsewhere perhaps not.
      if [ "$falls" -ge 2 ]; then
        release "PostgreSQL ended $falls times in a row"
        return 0
      fi
      primary_system || return 0
      if [ $((now - started)) -gt 2000 ]; then
        falls=$((falls + 1))
        start_postgres '' || {
          release 'PostgreSQL could not be started'
          return 0
        }
        pace=0.3
      fi
      ;;
    busy) ;;
    starting) primary_overdue ;;
    hung) [ "$r_pause" != 0 ] || fence "it has not answered for $health_timeout s" ;;
    replica)
      primary_overdue || return 0
      # An existing database that was not dead here before.
      [ "$r_system" != 0 ] || primary_system || return 0
      [ "$r_pause" != 0 ] || promote
      ;;
    primary)
      dead_since=0
      promoting=0
      [ $((now - started)) -lt 60000 ] || falls=0
      if [ "$tl" != "$reserved" ] && [ "$reserved" != 0 ]; then
        need=clone
        release "it took timeline $tl, where $reserved was meant"
        return 0
      fi
      if [ "$announced" = 0 ]; then
        announced=1
        # What was asked of the standby that it was.
        rm -f "$state_directory/reinit"
        say "is primary: timeline $tl, token $token"
        hook on_promote "$on_promote"
        role_done=0
        role_tried=0
        (query_limit=600 query checkpoint >/dev/null 2>&1) 8>&- 9>&- &
      fi
      remove_replaced
      sync_step
      [ "$role_done" = 1 ] || primary_role
      [ "$r_switchover" = 0 ] || switchover_step
      ;;
  esac
}

# The number of this database system stands in the store once, before it takes a write.
primary_system() {
  system=$(control 'Database system identifier')
  [ -n "$system" ] || {
    tell "pg_controldata can't read $data_directory: the database system's number is not known"
    return 1
  }
  if [ "$r_system" = 0 ]; then
    store_txn "$(at_revision primary "$token"),$(absent system)" "$(put system "$system")" || return 1
    return 0
  fi
  [ "$v_system" = "$system" ] || {
    release "the data here are of another database system ($system, the cluster's is $v_system)"
    return 1
  }
}

primary_overdue() {
  overdue_since=$started
  [ "$held_since" -le "$started" ] || overdue_since=$held_since
  [ $((now - overdue_since)) -gt $((primary_start_timeout * 1000)) ] || return 0
  [ "$r_pause" = 0 ] || return 0
  dead_since=0
  release "PostgreSQL did not become primary within $primary_start_timeout s"
  return 1
}

# promote: with the lock in hand, and its token checked in the step that takes the timeline's number.
promote() {
  pace=0.2
  [ "$promoting" = 0 ] || return 0
  eligible || {
    release 'this node may not be promoted'
    return 0
  }
  arm
  case $? in
    0) ;;
    2)
      release "its guard can't learn how long the lock lasts: nothing can be written to $state_directory"
      return 0
      ;;
    *) return 0 ;;
  esac
  # Two servers that were promoted one after the other, from one timeline, would take the same
  # number for theirs, and pg_rewind could not tell them apart. So each number is given once.
  reserved=$((tl + 1))
  if [ "${v_timeline:-0}" -ge "$reserved" ]; then reserved=$((v_timeline + 1)); fi
  store_txn "$(at_revision primary "$token"),$(at_revision timeline "$r_timeline"),$(at_revision sync "$r_sync")" \
    "$(put timeline "$reserved")" || return 0
  keep_free=$((tl + 1))
  while [ "$keep_free" -lt "$reserved" ]; do
    keep_file=$data_directory/pg_wal/$(printf '%08X' "$keep_free").history
    # PostgreSQL takes the first number without such a file.
    (set -C; printf '# kept free\n' >"$keep_file") 2>/dev/null
    keep_free=$((keep_free + 1))
  done
  # One that ended in the middle says of itself that it is a standby still; but it has to be rewound.
  true >"$data_directory.promoted" || {
    release "$data_directory.promoted could not be written"
    return 0
  }
  clock
  [ $((valid_until - now)) -gt 1000 ] || return 0
  promoting=1
  say "is promoted, with token $token, to timeline $reserved"
  # By a session and not by a signal: one that comes late finds no server.
  # One that said nothing may be promoted all the same, and is not asked a second time.
  query 'select pg_promote(false)' >/dev/null || fence 'its promotion was not acknowledged'
}

# eligible: in synchronous mode only who has everything that was acknowledged.
eligible() {
  [ "$r_sync" = 0 ] && return 0
  case " $v_sync " in *" $node "*) return 0 ;; *) return 1 ;; esac
}

# The role that standbys connect as, and what pg_rewind needs of it, also of one that was there before.
# Tried until it is done: without it no standby comes.
primary_role() {
  clock
  [ $((now - role_tried)) -gt 5000 ] || return 0
  role_tried=$now
  if role_says=$(query "set synchronous_commit = local;
    do \$\$ declare what text; begin
      if not exists (select from pg_roles where rolname = '$replication_user') then
        create role \"$replication_user\" with login replication;
      end if;
      foreach what in array array['pg_ls_dir(text, boolean, boolean)', 'pg_stat_file(text, boolean)',
        'pg_read_binary_file(text)', 'pg_read_binary_file(text, bigint, bigint, boolean)'] loop
        if not has_function_privilege('$replication_user', 'pg_catalog.' || what, 'execute') then
          execute 'grant execute on function pg_catalog.' || what || ' to \"$replication_user\"';
        end if;
      end loop;
    end \$\$" 2>&1); then
    role_done=1
  else
    tell "the role $replication_user could not be seen to: ${role_says:-PostgreSQL does not answer}"
  fi
}

# The store knows who is synchronous before it is relied on, and learns that nobody is before
# PostgreSQL goes on without: key sync is "PRIMARY STANDBY", or "PRIMARY -".
sync_step() {
  if [ "$synchronous_mode" = off ]; then
    if [ "$r_sync" != 0 ]; then
      store_txn "$(at_revision primary "$token")" "$(del sync)" || return 0
    fi
    [ -z "$sync_names" ] || setting synchronous_standby_names ''
    return 0
  fi
  sync_pick "${v_switchover#to=}"
  if sync_unsure; then
    store_txn "$(at_revision primary "$token")" "$(put sync "$node -")" || return 0
    sync_late=
    v_sync="$node -"
    # The revision that a name has to be put upon is read first.
    [ "$picked" = - ] || {
      pace=0.1
      return 0
    }
  fi
  [ "$v_sync" = "$node -" ] || {
    [ "$sync_names" = "$picked" ] || setting synchronous_standby_names "\"$picked\""
    return 0
  }
  case $picked in
    -)
      sync_want=
      [ "$synchronous_mode" = on ] || sync_want=rale_nobody
      [ "$sync_names" = "$sync_want" ] || setting synchronous_standby_names "$sync_want"
      sync_wait=
      ;;
    *) sync_begin ;;
  esac
}

# sync_unsure: whether the store has to be told that nobody is synchronous: it names another one, or may
# yet come to name one, by a request that was not answered; or PostgreSQL does not wait for the one whom
# it names (somebody else has set that), so what it went on with is not there for certain.
sync_unsure() {
  [ "$v_sync" != "$node -" ] || {
    [ -n "$sync_late" ] && [ "$sync_late" != "$picked" ]
    return
  }
  [ "$v_sync" = "$node $picked" ] || return 0
  case $sync_names in "$picked" | rale_nobody) return 1 ;; esac
}

# standbys_read: which of those that stream are nodes of this cluster, as $standbys, the most advanced
# first. Whatever else streams (pg_receivewal, a backup) can't be promoted.
standbys_read() {
  standbys=
  for standby_row in $replicas; do
    standby_name=${standby_row%%|*}
    member_field "$standby_name" state
    [ "$field" != replica ] || standbys="$standbys $standby_name"
  done
}

# sync_pick PREFERRED: which streaming standby is, or shall be, the synchronous one, as $picked: that
# one, else the one that is, else the most advanced; else the one on record as long as it streams,
# though its agent is silent.
sync_pick() {
  standbys_read
  for picked in "$1" "$sync_names"; do
    case " $standbys " in *" $picked "*) [ -z "$picked" ] || return 0 ;; esac
  done
  # shellcheck disable=SC2086 # names, split at blanks
  for picked in $standbys; do return 0; done
  picked=${v_sync#"$node "}
  case "
$replicas" in
    *"
$picked|"*) ;;
    *) picked=- ;;
  esac
}

# sync_begin: $picked becomes synchronous: PostgreSQL waits for it first, then it must have all that
# came before, and only then may it be promoted.
sync_begin() {
  pace=0.3
  if [ "$sync_names" != "$picked" ]; then
    setting synchronous_standby_names "\"$picked\""
    sync_wait=
    rm -f "$state_directory/synchronous"
    return 0
  fi
  # Which standby the walsenders hold for the synchronous one; and the checkpointer tells backends
  # that they have to wait: after two checkpoints it has read its settings anew.
  for sync_row in $replicas; do
    case $sync_row in
      "$picked|"*'|0') return 0 ;;
      "$picked|"*) ;;
      *'|0') ;;
      *) return 0 ;;
    esac
  done
  if [ -z "$sync_wait" ]; then
    sync_wait=$picked
    sync_try=$((sync_try + 1))
    rm -f "$state_directory/synchronous"
    (
      query_limit=600
      if query checkpoint && query checkpoint \
        && sync_lsn=$(query "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"); then
        printf '%s\n' "$picked $sync_try $sync_lsn" >"$state_directory/synchronous"
      fi
    ) 8>&- 9>&- >/dev/null 2>&1 &
    return 0
  fi
  [ "$sync_wait" = "$picked" ] || {
    sync_wait=
    return 0
  }
  read -r sync_name sync_number sync_lsn 2>/dev/null <"$state_directory/synchronous" || return 0
  # The position of an earlier try, whose checkpoints took long, says nothing of this one.
  [ "$sync_name $sync_number" = "$picked $sync_try" ] || {
    sync_wait=
    return 0
  }
  for sync_row in $replicas; do
    case $sync_row in
      "$picked|"*)
        sync_flush=${sync_row#*|*|}
        sync_flush=${sync_flush%%|*}
        if [ "$sync_flush" -ge "$sync_lsn" ]; then
          # Only upon the "-" that was read. One that is not answered may be done later all the same.
          sync_late=$picked
          if store_txn "$(at_revision primary "$token"),$(at_revision sync "$r_sync")" "$(put sync "$node $picked")"; then
            sync_late=
            say "$picked is synchronous"
          fi
          sync_wait=
        fi
        ;;
    esac
  done
}

# switchover_step: to whom it shall go, once that one has everything.
switchover_step() {
  [ "$r_pause" = 0 ] || return 0
  standbys_read
  target=${v_switchover#to=}
  if [ "$target" = any ]; then
    target=${v_sync#* }
    case $target in
      '' | -)
        target=${standbys# }
        target=${target%% *}
        ;;
    esac
  fi
  case " $standbys " in
    *" ${target:--} "*) ;;
    *)
      tell "switchover: ${target:-no standby} does not stream"
      return 0
      ;;
  esac
  if [ "$synchronous_mode" != off ] && [ "$v_sync" != "$node $target" ]; then
    tell "switchover: waits until $target is synchronous"
    return 0
  fi
  say "switchover to $target"
  # So that the stop has little left to write.
  (query_limit=20 query checkpoint >/dev/null 2>&1) 8>&- 9>&- &
  switch_checkpoint=$!
  while kill -0 "$switch_checkpoint" 2>/dev/null; do
    sleep 0.2
    renew
    [ "$holding" = 1 ] || return 0
  done
  stop_fast 20
  [ "$holding" = 1 ] || return 0
  # One that had to be killed may have more than the standby.
  if [ "$(control 'Database cluster state')" != 'shut down' ]; then
    say 'the switchover is given up: PostgreSQL did not stop within 20 s, and is started here again'
    store_txn "$(at_revision primary "$token")" "$(del switchover)"
    return 0
  fi
  # A lease of its own: who does not take it in time was not able to.
  lease_grant 10000 || return 0
  store_txn "$(at_revision primary "$token")" \
    "$(del primary),$(del switchover),$(put_leased handover "$target" "$granted")"
  holding=0
  pace=0.5
}
