package io.modelyard.access;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.access.FirstAdminKey.Outcome;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URL;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** Sees to the first admin key when the server starts, and tells the operator where it is. */
@Singleton
final class FirstAdminKeyAtStart implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAdminKeyAtStart.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final FirstAdminKey first;
    private final LinkCode code;
    private final Loopback loopback;
    private final TaskScheduler scheduler;

    FirstAdminKeyAtStart(KeyStore store, KeysFile mounted, AccessConfiguration configuration, InstantSource clock,
            LinkCode code, Loopback loopback, @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.first = new FirstAdminKey(store, mounted, new AdminKeyFile(configuration.adminKeyFile()),
                new SecureRandom(),
                clock);
        this.code = code;
        this.loopback = loopback;
        this.scheduler = scheduler;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        URL server = event.getSource().getURL();
        if (!isSettled(server)) {
            LOG.warn(
                    "The store does not answer, so whether there are keys is not known yet; asked again until it does");
            again(server);
        }
    }

    private void again(URL server) {
        var _ = scheduler.schedule(RETRY, () -> {
            if (!isSettled(server)) {
                again(server);
            }
        });
    }

    private boolean isSettled(URL server) {
        try {
            return switch (first.ensure()) {
                case Outcome.NotKnown _ -> false;
                case Outcome.NotNeeded _ -> true;
                case Outcome.Made(var file) -> {
                    LOG.info("There were no keys. The first admin key is in {}; try: "
                            + "curl -H \"X-API-Key: $(cat {})\" {}/api-keys", file, file, server);
                    if (loopback.isServer()) {
                        LOG.info("The dashboard opens with {}/#code={} (once, within {} minutes, on this machine)",
                                server,
                                code.issue(), LinkCode.LIFE.toMinutes());
                    }
                    yield true;
                }
                case Outcome.MadeElsewhere _ -> {
                    LOG.info("Another server made the first admin key; it is in that server's admin key file");
                    yield true;
                }
            };
        } catch (ServingFailure.Unavailable e) {
            return false;
        } catch (RuntimeException e) {
            // The server serves without it, and whoever has a key needs none.
            LOG.error("The first admin key could not be made", e);
            return true;
        }
    }
}
