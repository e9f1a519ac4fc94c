package org.rale.raled.config;

/** Where the lines of a log go. */
public enum LogDestination {
  STDERR,
  STDOUT,
  FILE,
  SYSLOG
}
