package io.modelyard.http;

import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.Router;

import java.util.Map;
import java.util.TreeMap;

/** What the routes of the server ask of their callers. */
public final class RouteRoles {
    private RouteRoles() {}

    /**
     * By method and path, {@code GET /models/{type}} for example, the role that a route needs, or
     * {@link SecurityRule#IS_ANONYMOUS}. The HEAD that the framework adds to each GET is left out.
     */
    public static Map<String, String> of(Router router) {
        Map<String, String> roles = new TreeMap<>();
        router.uriRoutes().filter(route -> !route.getHttpMethodName().equals("HEAD"))
                .forEach(route -> roles.put(
                        route.getHttpMethodName() + " " + route.getUriMatchTemplate().toPathString(),
                        route.getAnnotationMetadata().stringValue(Secured.class).orElse(SecurityRule.IS_ANONYMOUS)));
        return roles;
    }
}
