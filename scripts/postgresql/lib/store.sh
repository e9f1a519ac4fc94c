# shellcheck shell=sh
# Talks to raled: lines of JSON over nc, to the first endpoint that answers.
# shellcheck disable=SC2034,SC2154 # the variables are used in the files that are read beside this one

# The system's monotonic clock in ms, as $now. It counts the time that a machine is suspended.
clock() {
  read -r clock_up clock_rest </proc/uptime
  clock_part=${clock_up#*.}
  now=$((${clock_up%.*} * 1000 + (1$clock_part - 100) * 10))
}

say() { printf '%s %s: %s\n' "$(date '+%Y-%m-%d %H:%M:%S.%3N')" "$node" "$*"; }

# Until when, by that clock, it is of use to wait for others; 0: there is no such moment.
use_until=0

# within MS: how long to wait, as $limit in seconds: MS, or less where $use_until is nearer. Fails
# when nothing is left.
within() {
  limit=$1
  if [ "$use_until" != 0 ]; then
    clock
    [ $((use_until - now)) -ge "$limit" ] || limit=$((use_until - now))
    [ "$limit" -gt 0 ] || return 1
  fi
  limit_part=$((limit % 1000 + 1000))
  limit=$((limit / 1000)).${limit_part#1}
}

store_where=
store_within=1200
store_error=

# store_ask LINES: sends the lines, and sets $reply to as many lines, and $sent to when they were
# sent. Tries each endpoint once, first the one that answered last. Fails when none answers with
# something definite. What an endpoint has refused for good is $store_error then, else that is empty.
store_ask() {
  store_error=
  case " $rale " in
    *" $store_where "*) store_order=$store_where ;;
    *) store_order= ;;
  esac
  for store_one in $rale; do
    [ "$store_one" = "$store_where" ] || store_order="$store_order $store_one"
  done
  for store_one in $store_order; do
    within 1500 || break
    clock
    sent=$now
    case $store_one in
      unix:*) reply=$(printf '%s\n' "$1" | timeout -k 0.2 "$limit" nc -NU "${store_one#unix:}" 2>/dev/null) ;;
      *) reply=$(printf '%s\n' "$1" | timeout -k 0.2 "$limit" nc -N "${store_one%:*}" "${store_one##*:}" 2>/dev/null) ;;
    esac
    case $reply in
      '{"status":'*) ;;
      '') continue ;;
      *)
        store_error="$store_one does not answer as raled's dstore_port or socket does: \"$(printf '%.100s' "$reply" | tr -cd ' -~')\""
        continue
        ;;
    esac
    # What says nothing of the data may be answered by another node.
    case $reply in
      *'"code":"NO_LEADER"'* | *'"code":"TIMEOUT"'* | *'"code":"SHUTTING_DOWN"'* | *'"code":"NOT_MEMBER"'* | \
        *'"code":"OVERLOADED"'* | *'"code":"NODE_UNREACHABLE"'* | *'"code":"UNKNOWN_OUTCOME"'*)
        continue
        ;;
    esac
    store_where=$store_one
    case $reply in
      *'"status":"error"'*)
        # One that is gone is what was asked about.
        store_error=${reply#*'"status":"error",'}
        store_error="raled refuses: $(printf '%s\n' "${store_error%%'}'*}" | sed 's/"code":"LEASE_NOT_FOUND".*//;s/"\(code\|message\|detail\|hint\)":"\([^"]*\)",*/\2. /g')"
        [ "$store_error" != 'raled refuses: ' ] || store_error=
        ;;
      *) store_error= ;;
    esac
    return 0
  done
  store_where=
  reply=
  return 1
}

# store_txn COMPARE THEN: one step; succeeds when the conditions held and it was done. When it
# fails it may have been done all the same: whoever needs to know reads.
store_txn() {
  store_ask '{"command":"TXN","compare":['"$1"'],"then":['"$2"'],"timeout_ms":'"$store_within"'}' || return 1
  case $reply in *'"succeeded":true'*) return 0 ;; *) return 1 ;; esac
}

# lease_grant MILLISECONDS: a lease, as $granted.
lease_grant() {
  store_ask '{"command":"LEASE GRANT","ttl_ms":'"$1"',"timeout_ms":'"$store_within}" || return 1
  case $reply in *'"lease":'[1-9]*) ;; *) return 1 ;; esac
  granted=${reply#*\"lease\":}
  granted=${granted%%[!0-9]*}
}

put() { printf '{"command":"PUT","key":"%s/%s","value":"%s"}' "$prefix" "$1" "$2"; }
put_leased() { printf '{"command":"PUT","key":"%s/%s","value":"%s","lease":%s}' "$prefix" "$1" "$2" "$3"; }
del() { printf '{"command":"DELETE","key":"%s/%s"}' "$prefix" "$1"; }
absent() { printf '{"key":"%s/%s","exists":false}' "$prefix" "$1"; }
at_revision() { printf '{"key":"%s/%s","revision":%s}' "$prefix" "$1" "$2"; }

view_nodes=
view_unread=0
r_self=0
view_keys='primary last pause switchover handover sync timeline position system'

# store_view [LEASE]: as below, and a second time where there are nodes that the first reading did not
# ask for. $view_unread is 0 where all were read.
store_view() {
  store_view_once "${1:-0}" || return
  [ "$view_unread" = 0 ] || store_view_once "${1:-0}"
}

# store_view_once LEASE: keeps the lease alive and reads all that there is to know, as of one moment:
# v_KEY and r_KEY (revision, 0: no such key), and $members, lines of "NODE VALUE", and of this node's
# own line the revision, $r_self. Returns 1 when nobody answered, 2 when the lease is gone.
store_view_once() {
  view_gets=
  for view_key in $view_keys; do
    view_gets="$view_gets,"'{"command":"GET","key":"'"$prefix/$view_key"'"}'
  done
  for view_key in $view_nodes; do
    view_gets="$view_gets,"'{"command":"GET","key":"'"$prefix/node/$view_key"'"}'
  done
  view_ask='{"command":"TXN","then":['"${view_gets#,}"'],"timeout_ms":'"$store_within"'}
{"command":"KEYS","prefix":"'"$prefix/node/"'","limit":100,"timeout_ms":'"$store_within"'}'
  if [ "${1:-0}" != 0 ]; then
    view_ask='{"command":"LEASE KEEPALIVE","lease":'"$1"',"timeout_ms":'"$store_within"'}
'"$view_ask"
  fi
  store_ask "$view_ask" || return 1
  case $reply in *'"code":"LEASE_NOT_FOUND"'*) return 2 ;; esac
  case $reply in *'"status":"error"'*) return 1 ;; esac
  case $reply in *'"keys":['*) ;; *) return 1 ;; esac
  for view_key in $view_keys; do eval "v_$view_key= r_$view_key=0"; done
  members=
  r_self=0
  view_asked=$view_nodes
  view_nodes=
  view_unread=0
  # One line for each key: key|value|revision, and for each name of a node: node|name.
  view_lines=$(printf '%s\n' "$reply" | sed -n \
    -e '/"results":\[/{s/.*"results":\[//;s/\].*//;s/},{/}\n{/g;s/{[^}]*"key":"\([^"]*\)","found":true,"value":"\([^"]*\)","revision":\([0-9]*\)[^}]*}/\1|\2|\3/g;p;}' \
    -e '/"keys":\[/{s/.*"keys":\[//;s/\].*//;s/"//g;s/,/\n/g;p;}')
  while IFS='|' read -r view_key view_value view_revision; do
    case $view_key in
      "$prefix"/node/*)
        if [ -n "$view_revision" ]; then
          members="$members${view_key#"$prefix"/node/} $view_value
"
          [ "$view_key" != "$prefix/node/$node" ] || r_self=$view_revision
        else
          case ${view_key#"$prefix"/node/} in
            '' | *[!a-zA-Z0-9_-]*) ;;
            *)
              view_nodes="$view_nodes ${view_key#"$prefix"/node/}"
              case " $view_asked " in *" ${view_key#"$prefix"/node/} "*) ;; *) view_unread=1 ;; esac
              ;;
          esac
        fi
        ;;
      "$prefix"/*) eval "v_${view_key#"$prefix"/}=\$view_value r_${view_key#"$prefix"/}=\$view_revision" ;;
    esac
  done <<END
$view_lines
END
  return 0
}

# member_field NODE FIELD: what a node said of itself, as $field; empty where it said nothing.
member_field() {
  field=
  while read -r member_name member_value; do
    if [ "$member_name" = "$1" ]; then
      case " $member_value " in
        *" $2="*)
          field=" $member_value "
          field=${field#*" $2="}
          field=${field%% *}
          ;;
      esac
    fi
  done <<END
$members
END
}
