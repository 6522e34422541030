package io.modelyard.access;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.modelyard.access.FirstAdminKey.Outcome;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Clock;

/** Sees to the first admin key when the server starts, and tells the operator where it is. */
@Singleton
final class FirstAdminKeyAtStart implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAdminKeyAtStart.class);

    private final FirstAdminKey first;

    FirstAdminKeyAtStart(KeyStore store, AccessConfiguration configuration) {
        this.first = new FirstAdminKey(store, new AdminKeyFile(configuration.adminKeyFile()), new SecureRandom(),
                Clock.systemUTC());
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        try {
            switch (first.ensure()) {
                case Outcome.Made(var file) -> LOG.info(
                        "There were no keys. The first admin key is in {}; try: curl -H \"X-API-Key: $(cat {})\" {}/api-keys",
                        file, file, event.getSource().getURL());
                case Outcome.MadeElsewhere() -> LOG.info(
                        "Another server made the first admin key; it is in that server's admin key file");
                case Outcome.NotNeeded() -> {
                }
            }
        } catch (ServingFailure e) {
            LOG.warn("Whether there is an admin key is not known, and none was made: {}", e.detail());
        }
    }
}
