package org.rale.raled.config;

import java.nio.file.Path;

/**
 * One of the three logs.
 *
 * @param name raled, dstore or comm
 * @param file used where the destination is a file; a relative one is under the log directory
 * @param rotationSizeMb a file is closed and kept when it is as large as this
 * @param rotationAgeDays kept files are removed when they are as old as this
 */
public record LogConfig(
    String name,
    LogDestination destination,
    Path file,
    LogLevel level,
    int rotationSizeMb,
    int rotationAgeDays) {}
