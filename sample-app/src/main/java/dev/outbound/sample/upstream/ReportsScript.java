package dev.outbound.sample.upstream;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Random;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.FilePartEvent;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The script of {@code reports}: a download that is made while it is sent, and an upload
 * that is counted while it arrives. Both tell their digest (RFC 9530).
 */
public final class ReportsScript {

    private static final int BLOCK = 64 * 1024;

    private static final long SEED = 42;

    private ReportsScript() {
    }

    /**
     * Return the script.
     * @param blocks the size of the download, in blocks of 64 KiB
     */
    public static RouterFunction<ServerResponse> routes(int blocks) {
        Mono<String> digest = content(blocks).collect(ReportsScript::sha256, MessageDigest::update)
            .map(ReportsScript::describe)
            .subscribeOn(Schedulers.boundedElastic())
            .cache();
        return RouterFunctions.route()
            .GET("/reports/sales", (request) -> digest.flatMap((text) -> download(text, blocks)))
            .POST("/reports", ReportsScript::upload)
            .build();
    }

    /** The same random bytes each time. */
    private static Flux<byte[]> content(int blocks) {
        return Flux.defer(() -> {
            Random random = new Random(SEED);
            return Flux.range(0, blocks).map((index) -> {
                byte[] block = new byte[BLOCK];
                random.nextBytes(block);
                return block;
            });
        });
    }

    private static Mono<ServerResponse> download(String digest, int blocks) {
        Flux<DataBuffer> body = content(blocks).map(DefaultDataBufferFactory.sharedInstance::wrap);
        return ServerResponse.ok()
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .contentLength((long) blocks * BLOCK)
            .header("Repr-Digest", digest)
            .body(BodyInserters.fromDataBuffers(body));
    }

    private static Mono<ServerResponse> upload(ServerRequest request) {
        return request.bodyToFlux(PartEvent.class)
            .collect(Upload::new, Upload::add)
            .flatMap((upload) -> ServerResponse.ok().bodyValue(upload.receipt()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static String describe(MessageDigest digest) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.digest()) + ":";
    }

    /** What has arrived so far. */
    private static final class Upload {

        private final MessageDigest digest = sha256();

        private String fileName = "";

        private long size;

        void add(PartEvent event) {
            DataBuffer content = event.content();
            if (event instanceof FilePartEvent file) {
                this.fileName = file.filename();
                this.size += content.readableByteCount();
                try (DataBuffer.ByteBufferIterator buffers = content.readableByteBuffers()) {
                    buffers.forEachRemaining(this.digest::update);
                }
            }
            DataBufferUtils.release(content);
        }

        Map<String, Object> receipt() {
            return Map.of("fileName", this.fileName, "size", this.size, "digest", describe(this.digest));
        }

    }

}
