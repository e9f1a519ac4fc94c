package org.rale.raled.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rale.settings.BadValueException;

/** The kinds of values that keys have; addresses are in {@link Hosts}. */
final class Kinds {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})\\s*([A-Za-z]*)");

  /** As PostgreSQL has them: powers of 1024. */
  private static final Map<String, Long> UNITS =
      Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30, "tb", 1L << 40);

  static final Kind<String> NODE_NAME =
      new Kind<>(
          String.class,
          "1 to 64 letters, digits, '_' or '-', the first a letter or a digit",
          "1 to 64 of A-Z a-z 0-9 _ -, first alphanumeric",
          text -> {
            if (!NAME.matcher(text).matches()) {
              throw new BadValueException();
            }
            return text;
          });

  static final Kind<Path> PATH =
      new Kind<>(
          Path.class,
          "a path",
          "a path",
          text -> {
            if (text.isEmpty()) {
              throw new BadValueException();
            }
            try {
              return Path.of(text);
            } catch (InvalidPathException e) {
              throw new BadValueException("This is no path: " + e.getReason() + ".");
            }
          });

  static final Kind<Boolean> BOOL =
      new Kind<>(
          Boolean.class,
          "true or false (on, off, yes, no, 1 and 0 are understood too)",
          "true, false",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "on", "yes", "1" -> true;
                case "false", "off", "no", "0" -> false;
                default -> throw new BadValueException();
              });

  private Kinds() {}

  /** A whole number; {@code unit} is empty, or what one of it is, in the plural. */
  static Kind<Integer> number(int min, int max, String unit) {
    String ofUnit = unit.isEmpty() ? "" : " of " + unit;
    String inUnit = unit.isEmpty() ? "" : " " + unit;
    return new Kind<>(
        Integer.class,
        "a whole number" + ofUnit + " from " + min + " to " + max,
        min + " to " + max + inUnit,
        text -> {
          if (!DIGITS.matcher(text).matches()) {
            throw new BadValueException();
          }
          long value = Long.parseLong(text);
          if (value < min || value > max) {
            throw new BadValueException();
          }
          return (int) value;
        });
  }

  /** A number of bytes, with a unit or without. */
  static Kind<Long> size(long min, long max) {
    String least = inLargestUnit(min);
    String most = inLargestUnit(max);
    return new Kind<>(
        Long.class,
        "a number of bytes from " + least + " to " + most + "; kB, MB, GB and TB are understood",
        least + " to " + most + " (bytes, kB, MB, GB, TB)",
        text -> {
          var matcher = SIZE.matcher(text);
          if (!matcher.matches()) {
            throw new BadValueException();
          }
          Long unit = UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT));
          if (unit == null) {
            throw new BadValueException();
          }
          long value = multiplyOrMax(Long.parseLong(matcher.group(1)), unit);
          if (value < min || value > max) {
            throw new BadValueException();
          }
          return value;
        });
  }

  private static long multiplyOrMax(long number, long unit) {
    return number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }

  private static String inLargestUnit(long bytes) {
    String[] names = {"TB", "GB", "MB", "kB"};
    for (int i = 0; i < names.length; i++) {
      long unit = 1L << (40 - 10 * i);
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + " " + names[i];
      }
    }
    return Long.toString(bytes);
  }

  /** One of the names of an enum, written in lower case. */
  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return new Kind<>(
        type,
        "one of " + names,
        names,
        text -> {
          try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
          } catch (IllegalArgumentException e) {
            throw new BadValueException();
          }
        });
  }

  /** One of a few words, of which nothing is made yet. */
  static Kind<String> word(String... words) {
    String names = String.join(", ", words);
    return new Kind<>(
        String.class,
        "one of " + names,
        names,
        text -> {
          String lower = text.toLowerCase(Locale.ROOT);
          if (!Arrays.asList(words).contains(lower)) {
            throw new BadValueException();
          }
          return lower;
        });
  }

  /** Any text of one line. */
  static Kind<String> text(int maxChars) {
    return new Kind<>(
        String.class,
        "a text of at most " + maxChars + " characters",
        "text",
        text -> {
          if (text.length() > maxChars) {
            throw new BadValueException();
          }
          return text;
        });
  }
}
