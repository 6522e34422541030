package io.modelyard.access;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecuredAnnotationRule;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.resource.StaticResourceResolver;
import io.modelyard.model.Role;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import java.util.List;
import java.util.Set;

/**
 * Lets everybody see what is public, before any other rule is asked. Static files have no route that could say who may
 * see them, so whoever may read may see them.
 */
@Singleton
final class PublicPaths implements SecurityRule<HttpRequest<?>> {
    static final Set<String> ALWAYS = Set.of("/", "/health", "/health/liveness", "/health/readiness");
    /** Public where only this machine can ask; elsewhere they need {@code read}. */
    static final List<String> ON_LOOPBACK = List.of("/metrics", "/openapi.json", "/openapi", "/docs", "/redoc",
            "/swagger");

    private static final Publisher<SecurityRuleResult> ALLOWED = Publishers.just(SecurityRuleResult.ALLOWED);
    private static final Publisher<SecurityRuleResult> REJECTED = Publishers.just(SecurityRuleResult.REJECTED);
    private static final Publisher<SecurityRuleResult> UNKNOWN = Publishers.just(SecurityRuleResult.UNKNOWN);

    private final List<String> configured;
    private final boolean loopback;
    private final StaticResourceResolver files;

    PublicPaths(AccessConfiguration access, Loopback loopback, StaticResourceResolver files) {
        this.configured = access.publicPaths();
        this.loopback = loopback.isServer();
        this.files = files;
    }

    @Override
    public int getOrder() {
        return SecuredAnnotationRule.ORDER - 1000;
    }

    @Override
    public Publisher<SecurityRuleResult> check(@Nullable HttpRequest<?> request,
            @Nullable Authentication authentication) {
        if (request == null) {
            return UNKNOWN;
        }
        String path = request.getPath();
        if (isPublic(path)) {
            return ALLOWED;
        }
        boolean isFile = RouteAttributes.getRouteMatch(request).isEmpty() && files.resolve(path).isPresent();
        if (!isFile) {
            return UNKNOWN;
        }
        return authentication != null && authentication.getRoles().contains(Role.READ.jsonName()) ? ALLOWED : REJECTED;
    }

    private boolean isPublic(String path) {
        return ALWAYS.contains(path) || covers(configured, path) || (loopback && covers(ON_LOOPBACK, path));
    }

    private static boolean covers(List<String> roots, String path) {
        for (String root : roots) {
            if (path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/')) {
                return true;
            }
        }
        return false;
    }
}
