package io.modelyard.http;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Puts a {@link FrontDoor} into every connection, right before the framework's own handler. */
@Singleton
final class FrontDoors implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final Supplier<FrontDoor> doors;

    FrontDoors(AccessLog log, BodyLimits limits) {
        this.doors = () -> new FrontDoor(log, limits);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(doors, null));
        return event.getBean();
    }

    private record Customizer(Supplier<FrontDoor> doors, @Nullable Channel channel)
            implements
                NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(doors, channel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            if (channel != null
                    && channel.pipeline().get(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND) != null) {
                channel.pipeline().addBefore(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND,
                        "modelyard-front-door",
                        doors.get());
            }
        }
    }
}
