package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.modelyard.model.Role;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every route says who may call it. */
final class RouteRulesTest {
    /** Routes of the framework that are public without an annotation. */
    private static final Set<String> PUBLIC = Set.of("/health", "/health/{selector}");
    private static final Set<String> ROLES = Stream
            .concat(Arrays.stream(Role.values()).map(Role::jsonName), Stream.of("isAnonymous()"))
            .collect(Collectors.toSet());

    @Test
    void everyRouteHasARule() {
        try (TestServer server = TestServer.start()) {
            assertThat(routes(server)).isNotEmpty();
            assertThat(withoutARule(server)).isEmpty();
        }
    }

    @Test
    void aRouteWithoutARuleIsFoundAndClosed() {
        try (TestServer server = TestServer.prepare().spec("forgotten").start()) {
            assertThat(withoutARule(server)).containsExactly("GET /forgotten", "GET /misspelt");
            assertThat(server.anonymous().get("/forgotten").status()).isEqualTo(401);
            assertThat(server.get("/forgotten").status()).isEqualTo(403);
            assertThat(server.get("/misspelt").status()).isEqualTo(403);
        }
    }

    @Requires(property = "spec.name", value = "forgotten")
    @Controller
    static class ForgottenController {
        @Get("/forgotten")
        String forgotten() {
            return "secret";
        }

        @Get("/misspelt")
        @Secured("amdin")
        String misspelt() {
            return "secret";
        }
    }

    private static List<String> withoutARule(TestServer server) {
        Predicate<UriRouteInfo<?, ?>> ruled = route -> {
            String[] roles = route.getAnnotationMetadata().stringValues(Secured.class);
            return roles.length > 0 && ROLES.containsAll(Arrays.asList(roles));
        };
        return routes(server).stream().filter(ruled.negate())
                .filter(route -> !PUBLIC.contains(path(route)))
                .filter(route -> !route.getHttpMethodName().equals("HEAD"))
                .map(route -> route.getHttpMethodName() + " " + path(route)).distinct().sorted().toList();
    }

    private static List<UriRouteInfo<?, ?>> routes(TestServer server) {
        return server.bean(Router.class).uriRoutes().collect(Collectors.toList());
    }

    private static String path(UriRouteInfo<?, ?> route) {
        return route.getUriMatchTemplate().toPathString();
    }
}
