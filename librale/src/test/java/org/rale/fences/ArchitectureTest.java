package org.rale.fences;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The fences between the rooms of the library: which package may see which, and which may see the
 * outside world. docs/ARCHITECTURE.md says why.
 *
 * <p>{@link #ROOMS} is the plan of the house. A new package gets a line in it; {@link
 * #everyPackageIsARoom} fails until it has one.
 */
@AnalyzeClasses(packages = "org.rale", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /**
   * What every room may see of the JDK: values and collections. No input or output, channels,
   * clocks, threads or loggers; time and chance come in as arguments.
   */
  private static final DescribedPredicate<JavaClass> PURE =
      resideInAnyPackage(
              "java.lang",
              "java.lang.annotation..",
              "java.lang.invoke..",
              "java.lang.runtime..",
              "java.nio",
              "java.nio.charset..",
              "java.util",
              "java.util.function..",
              "java.util.random..",
              "java.util.stream..",
              "java.util.zip..",
              "org.jspecify..")
          .and(
              not(
                  belongToAnyOf(
                      Process.class,
                      ProcessBuilder.class,
                      Runtime.class,
                      Thread.class,
                      ThreadGroup.class,
                      ThreadLocal.class,
                      Timer.class,
                      TimerTask.class)));

  /** The file is here: the port is pure, its real side is not. */
  private static final DescribedPredicate<JavaClass> PURE_AND_FILES =
      PURE.or(resideInAnyPackage("java.io..", "java.nio.."));

  private static final DescribedPredicate<JavaClass> PURE_AND_FILES_AND_PATTERNS =
      PURE_AND_FILES.or(resideInAnyPackage("java.util.regex.."));

  /** Jackson's exceptions are IOExceptions, hence java.io. */
  private static final DescribedPredicate<JavaClass> PURE_AND_JSON =
      PURE.or(resideInAnyPackage("com.fasterxml.jackson..", "java.io.."));

  private static final DescribedPredicate<JavaClass> ANYTHING =
      resideOutsideOfPackage("org.rale..").as("anything of others");

  /**
   * From the cellar up: a room, the rooms it may see besides itself, and what it may see outside.
   */
  private static final List<Room> ROOMS =
      List.of(
          new Room("org.rale.bytes", Set.of(), PURE),
          new Room("org.rale.settings", Set.of(), PURE_AND_FILES_AND_PATTERNS),
          new Room("org.rale.typo", Set.of(), PURE),
          new Room("org.rale.dstore", Set.of("bytes"), PURE),
          new Room("org.rale.raft", Set.of("bytes"), PURE),
          new Room("org.rale.request", Set.of("dstore", "raft", "bytes"), PURE),
          new Room("org.rale.wire", Set.of("raft", "dstore", "request", "bytes"), PURE),
          new Room("org.rale.clusterdb", Set.of("wire", "raft", "dstore", "bytes"), PURE_AND_FILES),
          new Room(
              "org.rale.replica",
              Set.of("clusterdb", "wire", "request", "raft", "dstore", "bytes"),
              PURE),
          new Room(
              "org.rale.command",
              Set.of("request", "dstore", "raft", "typo", "bytes"),
              PURE_AND_JSON),
          new Room(
              "org.rale.loop",
              Set.of("replica", "clusterdb", "wire", "request", "raft", "dstore", "bytes"),
              ANYTHING));

  private record Room(
      String name, Set<String> mayUse, DescribedPredicate<JavaClass> mayUseOutside) {
    ArchRule fence() {
      String[] packages =
          Stream.concat(Stream.of(name), mayUse.stream().sorted().map(room -> "org.rale." + room))
              .map(room -> room + "..")
              .toArray(String[]::new);
      return classes()
          .that()
          .resideInAPackage(name + "..")
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(packages).or(mayUseOutside))
          .allowEmptyShould(true);
    }
  }

  @ArchTest
  static void roomsSeeOnlyWhatThePlanSays(JavaClasses classes) {
    for (Room room : ROOMS) {
      room.fence().check(classes);
    }
  }

  /** The root, org.rale itself, is the roof: it sees all, and the fences hide it from all. */
  @ArchTest
  static void everyPackageIsARoom(JavaClasses classes) {
    String[] planned =
        Stream.concat(Stream.of("org.rale"), ROOMS.stream().map(room -> room.name() + ".."))
            .toArray(String[]::new);
    classes()
        .should()
        .resideInAnyPackage(planned)
        .because("ROOMS is the plan of the whole house")
        .allowEmptyShould(true)
        .check(classes);
  }

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("org.rale.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule noMutableStatics =
      fields()
          .that()
          .areStatic()
          .should()
          .beFinal()
          .because("two nodes of one test live in one JVM")
          .allowEmptyShould(true);

  /** The methods through which time and chance would come in unseen by the fences above. */
  @ArchTest
  static final ArchRule noHiddenTimeOrChance =
      noClasses()
          .that(
              resideInAnyPackage(
                  "org.rale.bytes..",
                  "org.rale.dstore..",
                  "org.rale.raft..",
                  "org.rale.request..",
                  "org.rale.wire..",
                  "org.rale.replica..",
                  "org.rale.command.."))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "identityHashCode", Object.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(RandomGenerator.class, "getDefault")
          .orShould()
          .callConstructor(Random.class)
          .because("the same inputs give the same effects, in every process")
          .allowEmptyShould(true);
}
