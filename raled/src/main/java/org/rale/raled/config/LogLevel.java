package org.rale.raled.config;

/** How much a log tells: each level includes those before it. */
public enum LogLevel {
  ERROR,
  WARNING,
  INFO,
  DEBUG
}
