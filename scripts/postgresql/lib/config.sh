# shellcheck shell=sh
# The settings: one small file of key = value, each checked before anything is done.
# shellcheck disable=SC2034,SC2154 # the variables are used in the files that are read beside this one

config_fail() {
  printf 'rale-pg: %s: %s\n' "$config" "$1" >&2
  exit 2
}

# config_number NAME VALUE LEAST MOST
config_number() {
  case $2 in '' | *[!0-9]* | ???????* | 0?*) config_fail "$1 is a number from $3 to $4, not \"$2\"" ;; esac
  if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    config_fail "$1 is a number from $3 to $4, not $2"
  fi
}

# config_name NAME VALUE: also a key in the store, a word of JSON and an application_name.
config_name() {
  case $2 in
    '' | *[!a-zA-Z0-9_-]*) config_fail "$1 needs a value of letters, digits, _ and -, not \"$2\"" ;;
  esac
  [ "${#2}" -le 40 ] || config_fail "$1 has at most 40 characters"
}

# config_path NAME VALUE
config_path() {
  case $2 in
    */ | *//* | */./* | */../* | */. | */..) config_fail "$1 has a /, // or dot that is too much: \"$2\"" ;;
    /*[!a-zA-Z0-9_./-]*) config_fail "$1: only letters, digits, _ . / - may stand in \"$2\"" ;;
    /?*) ;;
    *) config_fail "$1 needs an absolute path, not \"$2\"" ;;
  esac
}

config_read() {
  [ -r "$1" ] || config_fail 'there is no such file, or it may not be read'
  cluster=main
  node=
  data_directory=
  bin_directory=/usr/lib/postgresql/15/bin
  host=127.0.0.1
  port=5432
  listen_addresses='*'
  socket_directory=/var/run/postgresql
  state_directory=
  rale='unix:/tmp/rale_7400.sock'
  ttl=10
  fence_margin=1500
  synchronous_mode=off
  health_timeout=
  primary_start_timeout=30
  maximum_lag=1048576
  superuser=postgres
  replication_user=replicator
  passfile=
  hba_file=
  on_promote=
  on_demote=
  while IFS= read -r config_line || [ -n "$config_line" ]; do
    config_line=${config_line#"${config_line%%[!	 ]*}"}
    case $config_line in '' | '#'*) continue ;; *=*) ;; *) config_fail "no key = value: $config_line" ;; esac
    config_key=${config_line%%=*}
    config_key=${config_key%"${config_key##*[!	 ]}"}
    config_value=${config_line#*=}
    config_value=${config_value#"${config_value%%[!	 ]*}"}
    config_value=${config_value%"${config_value##*[!	 ]}"}
    case $config_key in
      cluster | node | data_directory | bin_directory | host | port | listen_addresses | \
        socket_directory | state_directory | rale | ttl | fence_margin | synchronous_mode | health_timeout | \
        primary_start_timeout | maximum_lag | superuser | replication_user | passfile | hba_file | \
        on_promote | on_demote)
        eval "$config_key=\$config_value"
        ;;
      *) config_fail "there is no setting \"$config_key\"" ;;
    esac
  done <"$1"
  config_name cluster "$cluster"
  config_name node "$node"
  case $node in
    *[A-Z]*) config_fail "node needs lower-case letters, since PostgreSQL compares names of standbys without case" ;;
    -* | any | rale_nobody) config_fail "node can neither be any nor rale_nobody, nor begin with -: \"$node\"" ;;
  esac
  config_name superuser "$superuser"
  config_name replication_user "$replication_user"
  config_path data_directory "$data_directory"
  : "${state_directory:=$data_directory.rale}"
  config_path state_directory "$state_directory"
  case $state_directory/ in
    "$data_directory"/*) config_fail "state_directory, $state_directory, lies in data_directory, which is copied and replaced: put it beside it" ;;
  esac
  config_path bin_directory "$bin_directory"
  config_path socket_directory "$socket_directory"
  [ -z "$passfile" ] || config_path passfile "$passfile"
  [ -z "$hba_file" ] || config_path hba_file "$hba_file"
  config_number port "$port" 1 65535
  config_number ttl "$ttl" 5 300
  config_number fence_margin "$fence_margin" 500 100000
  # A second's wait, and a try that fails.
  [ $((ttl * 950 - fence_margin)) -ge 3000 ] \
    || config_fail "ttl, $ttl s, leaves less than 3 s beside 5 % and fence_margin, $fence_margin ms: raise ttl"
  : "${health_timeout:=$((ttl / 2))}"
  config_number health_timeout "$health_timeout" 2 300
  config_number primary_start_timeout "$primary_start_timeout" 5 3600
  case $maximum_lag in '' | *[!0-9]* | ????????????* | 0?*) config_fail "maximum_lag is a number of bytes, not \"$maximum_lag\"" ;; esac
  case $synchronous_mode in
    off | on | strict) ;;
    *) config_fail "synchronous_mode is off, on or strict, not \"$synchronous_mode\"" ;;
  esac
  case $host in '' | *[!a-zA-Z0-9.-]*) config_fail "host is an IPv4 address or a host name, not \"$host\"" ;; esac
  [ -n "$rale" ] || config_fail 'rale names at least one raled: unix:/path/of/socket or host:port'
  for config_endpoint in $rale; do
    case $config_endpoint in
      unix:/?*) ;;
      *[!a-zA-Z0-9.:-]* | :* | *:) config_fail "rale: \"$config_endpoint\" is neither unix:/path nor host:port" ;;
      *:*) ;;
      *) config_fail "rale: \"$config_endpoint\" is neither unix:/path nor host:port" ;;
    esac
  done
  [ -x "$bin_directory/postgres" ] || config_fail "there is no PostgreSQL in bin_directory, $bin_directory"
  prefix=pg/$cluster
  PATH=$bin_directory:$PATH
  export PATH
  [ -z "$passfile" ] || export PGPASSFILE="$passfile"
}
