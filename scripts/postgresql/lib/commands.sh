# shellcheck shell=sh
# What people ask for.
# shellcheck disable=SC2154 # variables of the files that are read beside this one

command_view() {
  # The second time the names of the nodes are known.
  if store_view && store_view; then return 0; fi
  printf 'rale-pg: %s\n' "${store_error:-no raled of \"$rale\" answers with a majority behind it}" >&2
  exit 1
}

command_status() {
  command_view
  printf 'cluster %s: primary %s, token %s' "$cluster" "${v_primary%% *}" "$r_primary"
  [ "$r_sync" = 0 ] || printf ', synchronous %s' "${v_sync#* }"
  [ "$r_pause" = 0 ] || printf ', maintenance'
  [ "$r_switchover" = 0 ] || printf ', switchover %s' "$v_switchover"
  printf '\n%-16s %-22s %-10s %8s %20s %s\n' node address state timeline position streaming
  for member in $view_nodes; do
    set -- "$member"
    for part in conn state tl lsn streaming; do
      member_field "$member" "$part"
      set -- "$@" "$field"
    done
    printf '%-16s %-22s %-10s %8s %20s %s\n' "$@"
  done
}

command_done() {
  printf 'rale-pg: the change was not acknowledged; see rale-pg status%s\n' "${store_error:+ ($store_error)}" >&2
  exit 1
}

command_pause() { store_txn '' "$(put pause "$node")" || command_done; }

command_resume() { store_txn '' "$(del pause)" || command_done; }

command_reinit() {
  command_view
  [ "${v_primary%% *}" != "$node" ] || {
    printf 'rale-pg: %s is the primary: rale-pg switchover first\n' "$node" >&2
    exit 1
  }
  true >"$state_directory/reinit" || exit 1
}

command_switchover() {
  command_view
  was=$r_primary
  was_name=${v_primary%% *}
  [ "$was" != 0 ] || {
    printf 'rale-pg: nobody is primary\n' >&2
    exit 1
  }
  [ "$r_pause" = 0 ] || {
    printf 'rale-pg: maintenance: rale-pg resume first\n' >&2
    exit 1
  }
  : "${to:=any}"
  if [ "$to" != any ]; then
    member_field "$to" state
    [ "$field" = replica ] || {
      printf 'rale-pg: %s is no standby that runs\n' "$to" >&2
      exit 1
    }
  fi
  # On a lease: what does not happen in time must not happen by surprise.
  lease_grant 70000 || command_done
  store_txn "$(at_revision primary "$was")" "$(put_leased switchover "to=$to" "$granted")" || command_done
  tries=0
  while [ "$tries" -lt 120 ]; do
    tries=$((tries + 1))
    sleep 0.5
    store_view || continue
    if [ "$r_primary" = "$was" ] && [ "$r_switchover" = 0 ]; then
      printf 'rale-pg: %s has given the switchover up, and is primary still; its log says why\n' "$was_name" >&2
      exit 1
    fi
    case $r_primary in 0 | "$was") continue ;; esac
    member_field "${v_primary%% *}" state
    case $field in
      promoted | primary)
        [ "$to" != any ] || [ "${v_primary%% *}" != "$was_name" ] || {
          printf 'rale-pg: no switchover: %s is primary again; the logs say why\n' "$was_name" >&2
          exit 1
        }
        [ "$to" = any ] || [ "$to" = "${v_primary%% *}" ] || {
          printf 'rale-pg: primary is %s now, not %s\n' "${v_primary%% *}" "$to" >&2
          exit 1
        }
        printf 'primary is %s\n' "${v_primary%% *}"
        exit 0
        ;;
    esac
  done
  store_txn '' "$(del switchover)"
  printf 'rale-pg: no switchover within a minute; the log of the primary says why\n' >&2
  exit 1
}
