package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whom {@link SenderWatch} blames, by a clock that the test sets. */
final class SenderWatchTest {
    private static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(10), Duration.ofSeconds(60),
            Duration.ofSeconds(30), 1000, null);

    private final List<Object> blamed = new ArrayList<>();
    private long now;
    private final SenderWatch watch = new SenderWatch(LIMITS, () -> now);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(watch, new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                blamed.add(event);
            }
        });
        watch.channelActive(channel.pipeline().context(watch));
    }

    @Test
    void whoSaysNothingForAsLongAsAHeadMayTake() {
        pass(9);
        assertThat(blamed).isEmpty();
        pass(2);
        assertThat(blamed).containsExactly(Sluggishness.NO_REQUEST);
    }

    @Test
    void whoDripsTheHead() {
        for (int i = 0; i < 9; i++) {
            receive(1);
            pass(1);
        }
        assertThat(blamed).isEmpty();
        receive(1);
        pass(2);
        assertThat(blamed).containsExactly(Sluggishness.HEAD);
    }

    @Test
    void whoDripsTheBody() {
        body(false);
        for (int i = 0; i < 30; i++) {
            pass(2);
            receive(100_000);
        }
        assertThat(blamed).as("bytes do not count here").containsExactly(Sluggishness.BODY);
    }

    @Test
    void noOneBetweenRequests() {
        wholeRequest();
        pass(1000);
        assertThat(blamed).isEmpty();
    }

    @Test
    void whoBeginsAnotherRequestAndDoesNotGoOn() {
        wholeRequest();
        pass(1000);
        receive(1);
        pass(11);
        assertThat(blamed).containsExactly(Sluggishness.HEAD);
    }

    @Test
    void noOneWhoGetsOnWithALargeBody() {
        body(true);
        for (int i = 0; i < 100; i++) {
            pass(29);
            receive(1000);
        }
        assertThat(blamed).isEmpty();
    }

    @Test
    void whoDoesNotGetOnWithALargeBody() {
        body(true);
        pass(29);
        receive(5000);
        pass(2);
        receive(999);
        pass(31);
        assertThat(blamed).containsExactly(Sluggishness.BODY);
    }

    @Test
    void noOneWhileNothingIsRead() {
        body(false);
        channel.pipeline().fireChannelReadComplete();
        pass(1000);
        assertThat(blamed).isEmpty();
        channel.read();
        pass(59);
        assertThat(blamed).isEmpty();
        pass(2);
        assertThat(blamed).containsExactly(Sluggishness.BODY);
    }

    private void wholeRequest() {
        receive(10);
        watch.headRead(false);
        watch.bodyRead();
        channel.read();
    }

    /** A head has come whose body is waited for. */
    private void body(boolean large) {
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(new byte[10]));
        watch.headRead(large);
        channel.pipeline().fireChannelReadComplete();
        channel.read();
    }

    private void receive(int bytes) {
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(new byte[bytes]));
        channel.pipeline().fireChannelReadComplete();
        channel.read();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += Duration.ofSeconds(1).toNanos();
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }
}
