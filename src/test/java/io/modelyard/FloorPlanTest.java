package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Holds the floor plan of docs/architecture.md: which package may import which, and which vendor. */
final class FloorPlanTest {
    private static final String ROOT = "io.modelyard";

    /** Room → the rooms it may import. A room's own sub-rooms may import it, and it none of them. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("tensor", Set.of()),
            Map.entry("model", Set.of("tensor")),
            Map.entry("store", Set.of()),
            Map.entry("background", Set.of()),
            Map.entry("database", Set.of()),
            Map.entry("redis", Set.of()),
            Map.entry("registry", Set.of("model", "tensor", "store", "http", "redis")),
            Map.entry("artifact", Set.of("model", "store", "background")),
            Map.entry("runtime", Set.of("model", "tensor", "transform", "background")),
            Map.entry("publish",
                    Set.of("model", "tensor", "store", "registry", "artifact", "runtime", "trial", "http")),
            Map.entry("trial", Set.of("model", "registry", "artifact", "runtime")),
            Map.entry("serving",
                    Set.of("model", "tensor", "registry", "artifact", "runtime", "trial", "traffic", "background")),
            Map.entry("transform", Set.of("model", "tensor")),
            Map.entry("traffic", Set.of("model", "tensor")),
            Map.entry("predict",
                    Set.of("model", "tensor", "transform", "traffic", "registry", "runtime", "serving", "http")),
            Map.entry("predictioncache", Set.of("model", "tensor", "predict", "serving", "redis")),
            Map.entry("requestlog", Set.of("model", "tensor", "predict", "database")),
            Map.entry("feedback", Set.of("model", "tensor", "database", "requestlog", "registry", "serving", "http")),
            Map.entry("experiment",
                    Set.of("model", "tensor", "registry", "serving", "traffic", "predict", "database", "feedback")),
            Map.entry("metrics",
                    Set.of("tensor", "model", "store", "registry", "artifact", "runtime", "publish", "serving",
                            "transform", "traffic", "predict", "predictioncache", "access", "requestlog", "feedback",
                            "trial")),
            Map.entry("access", Set.of("model", "tensor", "registry", "http", "redis")),
            Map.entry("http", Set.of("model", "tensor")),
            Map.entry("openapi",
                    Set.of("model", "tensor", "transform", "traffic", "registry", "runtime", "serving", "http")),
            Map.entry("logging", Set.of("http")),
            Map.entry("tracing", Set.of("model", "tensor", "store", "transform", "predict", "http")),
            Map.entry("dashboard",
                    Set.of("model", "tensor", "registry", "artifact", "serving", "traffic", "predict", "requestlog",
                            "http")),
            Map.entry("cli",
                    Set.of("model", "tensor", "store", "registry", "publish", "artifact", "runtime", "traffic",
                            "access", "http", "logging")));

    /** Vendor prefix → the only rooms that may import it. */
    private static final Map<String, Set<String>> ONLY_IN = Map.ofEntries(
            Map.entry("ml.dmlc", Set.of("runtime.xgboost")),
            Map.entry("org.tensorflow", Set.of("runtime.tensorflow")),
            Map.entry("org.bytedeco", Set.of("runtime.tensorflow")),
            Map.entry("ai.onnxruntime", Set.of("runtime.onnx")),
            Map.entry("com.networknt", Set.of("registry")),
            Map.entry("ch.qos.logback", Set.of("logging", "cli")),
            Map.entry("net.logstash", Set.of("logging")),
            Map.entry("org.slf4j.bridge", Set.of("logging")),
            Map.entry("io.opentelemetry", Set.of("tracing")),
            Map.entry("java.sql", Set.of("database", "requestlog", "feedback", "experiment", "registry.sqlite")),
            Map.entry("javax.sql", Set.of("database", "registry.sqlite")),
            Map.entry("io.micronaut.data", Set.of("requestlog")),
            Map.entry("org.flywaydb", Set.of("database")),
            Map.entry("io.micrometer", Set.of("metrics")),
            Map.entry("io.prometheus", Set.of("metrics")),
            Map.entry("org.HdrHistogram", Set.of("metrics")),
            Map.entry("software.amazon", Set.of("store.s3")),
            Map.entry("io.github.bucket4j", Set.of("access", "access.redis")),
            Map.entry("io.lettuce", Set.of("redis", "access.redis", "predictioncache.redis", "registry.redis")),
            // Deleting Redis is deleting packages.
            Map.entry("io.modelyard.redis", Set.of("redis", "access.redis", "predictioncache.redis", "registry.redis")),
            Map.entry("com.github.benmanes", Set.of("predictioncache")),
            Map.entry("picocli", Set.of("cli")),
            Map.entry("org.apache.commons.compress", Set.of("publish")));

    /** Rooms, and rooms without their sub-rooms, that know no Micronaut. */
    private static final Set<String> PLAIN = Set.of("tensor", "model", "store", "runtime", "traffic", "transform");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Classes written by annotation processors say nothing about the house.
            .withImportOption(location -> !location.contains("/$"))
            .importPackages(ROOT);

    @Test
    void everyRoomIsOnThePlan() {
        Set<String> rooms = new TreeSet<>();
        CLASSES.forEach(type -> rooms.add(topRoom(type)));
        rooms.remove("");
        assertThat(MAY_IMPORT.keySet()).containsAll(rooms);
    }

    @TestFactory
    Stream<DynamicTest> importsOnlyWhatItsRowLists() {
        return MAY_IMPORT.entrySet().stream().map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
            List<String> wrong = dependencies(type -> topRoom(type).equals(row.getKey()))
                    .filter(dependency -> isOurs(dependency.getTargetClass()))
                    .filter(dependency -> !topRoom(dependency.getTargetClass()).equals(row.getKey()))
                    .filter(dependency -> !row.getValue().contains(topRoom(dependency.getTargetClass())))
                    .map(Dependency::getDescription).toList();
            assertThat(wrong).isEmpty();
        }));
    }

    @Test
    void noRoomImportsItsOwnSubRooms() {
        List<String> wrong = dependencies(type -> true)
                .filter(dependency -> isOurs(dependency.getTargetClass()))
                .filter(dependency -> !topRoom(dependency.getOriginClass()).isEmpty())
                .filter(dependency -> dependency.getTargetClass().getPackageName()
                        .startsWith(dependency.getOriginClass().getPackageName() + "."))
                .map(Dependency::getDescription).toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void subRoomsAreStrangers() {
        List<String> wrong = dependencies(type -> room(type).contains("."))
                .filter(dependency -> isOurs(dependency.getTargetClass()))
                .filter(dependency -> room(dependency.getTargetClass()).contains("."))
                .filter(dependency -> !room(dependency.getTargetClass()).equals(room(dependency.getOriginClass())))
                .map(Dependency::getDescription).toList();
        assertThat(wrong).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> vendorsStayInTheirRoom() {
        return ONLY_IN.entrySet().stream().map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
            List<String> wrong = dependencies(type -> !row.getValue().contains(room(type)) && !room(type).isEmpty())
                    .filter(dependency -> (dependency.getTargetClass().getPackageName() + ".")
                            .startsWith(row.getKey() + "."))
                    .map(Dependency::getDescription).toList();
            assertThat(wrong).isEmpty();
        }));
    }

    @Test
    void theCoreKnowsNoMicronaut() {
        List<String> wrong = dependencies(type -> PLAIN.contains(room(type)))
                .filter(dependency -> dependency.getTargetClass().getPackageName().startsWith("io.micronaut"))
                .map(Dependency::getDescription).toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void httpTypesStayInControllersAndHttp() {
        List<String> wrong = dependencies(type -> !room(type).equals("http") && !room(type).equals("access")
                && !room(type).equals("tracing") && !outermost(type).getSimpleName().endsWith("Controller"))
                .filter(dependency -> dependency.getTargetClass().getPackageName().startsWith("io.micronaut.http"))
                .map(Dependency::getDescription).toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void nobodyImportsTheRoot() {
        List<String> wrong = dependencies(type -> !room(type).isEmpty())
                .filter(dependency -> dependency.getTargetClass().getPackageName().equals(ROOT))
                .map(Dependency::getDescription).toList();
        assertThat(wrong).isEmpty();
    }

    private static Stream<Dependency> dependencies(Predicate<JavaClass> origin) {
        return CLASSES.stream().filter(origin).flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    private static boolean isOurs(JavaClass type) {
        return (type.getPackageName() + ".").startsWith(ROOT + ".");
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    /** The package below the root, {@code runtime.xgboost} for example; empty for the root itself. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static String topRoom(JavaClass type) {
        String room = room(type);
        int dot = room.indexOf('.');
        return dot < 0 ? room : room.substring(0, dot);
    }
}
