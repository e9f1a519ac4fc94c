package org.rale.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration file as it lies on the disk. */
public final class SettingsFile {
  /** A configuration file is a page or two; a larger one is something else. */
  private static final int MAX_FILE_BYTES = 1 << 20;

  private SettingsFile() {}

  /**
   * What stands in the file; nothing where it can't be read.
   *
   * @param problems gets what is wrong then
   */
  public static Optional<String> text(Path file, List<Problem> problems) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length <= MAX_FILE_BYTES) {
        return Optional.of(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      }
      problems.add(
          problem(
              file, "the file is larger than 1 MiB", "Expected a text file of settings.", null));
    } catch (CharacterCodingException e) {
      problems.add(problem(file, "the file is not UTF-8 text", null, null));
    } catch (NoSuchFileException e) {
      problems.add(
          problem(
              file, "there is no such file", null, "Name the configuration file with --config."));
    } catch (AccessDeniedException e) {
      problems.add(problem(file, "the file can't be read: permission denied", null, null));
    } catch (IOException e) {
      problems.add(problem(file, "the file can't be read: " + e.getMessage(), null, null));
    }
    return Optional.empty();
  }

  private static Problem problem(
      Path file, String message, @Nullable String detail, @Nullable String hint) {
    return Problem.error(new Place(file.toString(), 0), message, detail, hint);
  }
}
