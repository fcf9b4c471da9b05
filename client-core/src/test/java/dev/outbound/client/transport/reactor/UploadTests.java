package dev.outbound.client.transport.reactor;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.JettyDataBuffer;
import org.springframework.core.io.buffer.JettyDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Whose memory is written. */
class UploadTests {

    @Test
    void whatLiesInTheHeapIsNotCopied() {
        byte[] array = "skipped text".getBytes(StandardCharsets.US_ASCII);
        ByteBuf bytes = Upload.bytes(DefaultDataBufferFactory.sharedInstance.wrap(array).readPosition(8));
        assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("text");
        assertThat(bytes.array()).isSameAs(array);
    }

    @Test
    void whatIsNettysIsHandedOver() {
        ByteBuf own = PooledByteBufAllocator.DEFAULT.buffer().writeByte(1);
        ByteBuf bytes = Upload.bytes(new NettyDataBufferFactory(ByteBufAllocator.DEFAULT).wrap(own));
        assertThat(bytes).isSameAs(own);
        assertThat(bytes.release()).isTrue();
    }

    @Test
    void anotherPoolGetsItsBufferBack() {
        JettyDataBuffer buffer = new JettyDataBufferFactory().allocateBuffer(16);
        buffer.write("text", StandardCharsets.US_ASCII);
        ByteBuf bytes = Upload.bytes(buffer);
        assertThat(buffer.isAllocated()).isFalse();
        assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("text");
    }

}
