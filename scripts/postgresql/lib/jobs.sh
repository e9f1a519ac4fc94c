# shellcheck shell=sh
# What takes long, in a process of its own, while the agent's loop goes on.
# shellcheck disable=SC2154 # variables of the files that are read beside this one

# By a name that no node can have: a clone that streams is no standby, and what it has got is in no
# server yet.
job_conninfo() {
  printf 'host=%s port=%s user=%s dbname=postgres application_name=%s connect_timeout=3 keepalives_idle=5 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000%s' \
    "$1" "$2" "$3" "clone.$node" "${passfile:+ passfile=$passfile}"
}

# job_room: there is no data_directory.new; one that is there is removed, if rale-pg began it. The mark
# lies beside it, since it has to be empty to begin with.
job_room() {
  if [ -e "$data_directory.new" ] || [ -h "$data_directory.new" ]; then
    [ -e "$data_directory.making" ] || {
      say "$data_directory.new is in the way, and not rale-pg's to remove: move it away"
      return 1
    }
    rm -rf "$data_directory.new" || return 1
  fi
  true >"$data_directory.making"
}

# job_place: whether job_swap will find room for what was there; before hours of copying, not after.
job_place() {
  if [ ! -f "$data_directory/PG_VERSION" ] && data_foreign; then
    say "$(foreign_text)"
    return 1
  fi
  if [ -e "$data_directory.replaced" ] && [ ! -e "$data_directory.replaced/rale-pg.replaced" ]; then
    say "$data_directory.replaced is in the way, and not rale-pg's to remove: move it away"
    return 1
  fi
  [ -w "$(dirname "$data_directory")" ] || {
    say "nothing can be renamed in $(dirname "$data_directory"): let $(id -un) write there"
    return 1
  }
}

# The new directory takes the place of what was there, which stays until the new one is complete.
job_swap() {
  job_place || return 1
  if [ -e "$data_directory" ]; then
    rm -f "$data_directory.replaced/PG_VERSION" && rm -rf "$data_directory.replaced" || return 1
    true >"$data_directory/rale-pg.replaced" || return 1
    mv "$data_directory" "$data_directory.replaced" || return 1
  fi
  mv "$data_directory.new" "$data_directory" && rm -f "$data_directory.making"
}

# _initdb: the first primary's data.
job_initdb() {
  job_place && job_room || return 1
  # The C locale of this script would make it SQL_ASCII, for good.
  initdb -D "$data_directory.new" -E UTF8 --locale=C.UTF-8 -U "$superuser" -k --auth-local=peer --auth-host=scram-sha-256 >/dev/null || return 1
  if [ -n "$hba_file" ]; then cp "$hba_file" "$data_directory.new/pg_hba.conf" || return 1; fi
  printf "wal_keep_size = '256MB'\n" >>"$data_directory.new/postgresql.conf" || return 1
  sync
  job_swap
}

# _clone HOST PORT
job_clone() {
  job_place && job_room || return 1
  setpriv --pdeathsig KILL pg_basebackup -D "$data_directory.new" -X stream -c fast \
    -d "$(job_conninfo "$1" "$2" "$replication_user")" || return 1
  job_swap || return 1
  rm -f "$data_directory.rewinding" "$data_directory.promoted" "$state_directory/reinit"
  say 'cloned from the primary'
}

# _rewind HOST PORT: back to where the primary's history went another way.
job_rewind() {
  # Its recovery is done by a server without clients, which can't be a standby.
  rm -f "$data_directory/standby.signal"
  # What is half rewound is no database: only a clone helps then. The mark lies beside the data, and
  # outlasts a power failure.
  true >"$data_directory.rewinding" || return 1
  sync
  # A primary that was killed finishes its own history first. A standby must not: what it would add is in
  # nobody else's, and may not be seen as such. Where it fails for that, a clone helps.
  rewind_as_is=
  [ "$(control 'Database cluster state')" != 'in archive recovery' ] || rewind_as_is=--no-ensure-shutdown
  # shellcheck disable=SC2086 # none or one
  setpriv --pdeathsig KILL pg_rewind $rewind_as_is -D "$data_directory" \
    --source-server="$(job_conninfo "$1" "$2" "$replication_user")" >"$state_directory/rewind.log" 2>&1
  job_code=$?
  cat "$state_directory/rewind.log"
  if [ "$job_code" != 0 ]; then
    # What it says before it changes anything.
    grep -q 'rewinding from' "$state_directory/rewind.log" || rm -f "$data_directory.rewinding"
    return 1
  fi
  sync
  rm -f "$data_directory.rewinding" "$data_directory.promoted"
  say 'rewound to the primary'
}
