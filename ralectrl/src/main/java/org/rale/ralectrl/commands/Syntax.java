package org.rale.ralectrl.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command takes, and what help says of it. This is all that is known of it: by this the
 * command line is read, and help is written.
 *
 * @param name in upper case
 * @param summary what the list of all commands says of it
 * @param synopsis how it is written, a line each
 * @param description paragraphs
 * @param positions what it takes beside options; null: nothing
 * @param options its own, not those that all commands have
 */
record Syntax(
    String name,
    String summary,
    List<String> synopsis,
    List<String> description,
    @Nullable Positions positions,
    List<Option> options) {

  /** Any number of values without an option; how many they must be is for the command to say. */
  record Positions(String label, String description) {}
}
