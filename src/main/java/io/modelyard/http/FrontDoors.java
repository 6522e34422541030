package io.modelyard.http;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts a {@link FrontDoor} into every connection, right before the framework's own handler, and next to the network what
 * watches for slow clients; or a {@link Refusal} before all, where there are too many connections.
 */
@Singleton
final class FrontDoors implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoors.class);

    private static final int LINGERING = 100;

    private final AtomicInteger lingering = new AtomicInteger();
    private final AccessLog log;
    private final BodyLimits bodies;
    private final ClientLimits clients;
    private final InFlight inFlight;
    private final int most;

    FrontDoors(AccessLog log, BodyLimits bodies, ClientLimits clients, InFlight inFlight) {
        this.log = log;
        this.bodies = bodies;
        this.clients = clients;
        this.inFlight = inFlight;
        this.most = clients.maxConnections() == null ? FileDescriptors.forConnections() : clients.maxConnections();
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(null));
        return event.getBean();
    }

    private void built(ChannelPipeline pipeline) {
        if (inFlight.connections() >= most) {
            LOG.debug("refusing a connection: there are {} already", most);
            pipeline.addFirst("modelyard-refusal", new Refusal(lingering, LINGERING));
            return;
        }
        SenderWatch sender = new SenderWatch(clients, System::nanoTime);
        pipeline.addFirst("modelyard-sender-watch", sender);
        pipeline.addFirst("modelyard-reader-watch", new ReaderWatch(clients));
        pipeline.addBefore(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND, "modelyard-front-door",
                new FrontDoor(log, bodies, inFlight, sender));
    }

    private final class Customizer implements NettyServerCustomizer {
        private final @Nullable Channel channel;

        private Customizer(@Nullable Channel channel) {
            this.channel = channel;
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(channel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            if (channel != null
                    && channel.pipeline().get(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND) != null) {
                built(channel.pipeline());
            }
        }
    }
}
