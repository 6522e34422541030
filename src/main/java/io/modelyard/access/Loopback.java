package io.modelyard.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/** Whether the server, and a request, can only be reached or made from this machine. */
@Singleton
final class Loopback {
    /** A page of somebody else's can make its own name mean this machine; these names are nobody else's. */
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    /** With one of these it comes from elsewhere, by a proxy on this machine. */
    private static final List<String> PROXIED = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP",
            "Via");

    private final boolean server;

    Loopback(NettyHttpServerConfiguration server) {
        this.server = isBoundToIt(server);
    }

    /** Whether everything that the server listens on can be reached from this machine alone. */
    boolean isServer() {
        return server;
    }

    /** Whether somebody on this machine made the request, from a page of this server or from none. */
    boolean isCaller(HttpRequest<?> request) {
        String host = request.getHeaders().get(HttpHeaders.HOST);
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        return server && request.getRemoteAddress().getAddress() != null
                && request.getRemoteAddress().getAddress().isLoopbackAddress()
                && PROXIED.stream().noneMatch(request.getHeaders()::contains)
                && host != null && NAMES.contains(host.replaceFirst(":\\d+$", ""))
                && (origin == null || host.equals(authority(origin)));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isBoundToIt(NettyHttpServerConfiguration server) {
        List<NettyHttpServerConfiguration.NettyListenerConfiguration> listeners = server.getListeners();
        if (listeners != null && !listeners.isEmpty()) {
            return listeners.stream().allMatch(listener -> isLoopback(listener.getHost()));
        }
        return isLoopback(server.getHost().orElse(null));
    }

    private static boolean isLoopback(@Nullable String host) {
        if (host == null || host.isBlank()) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
