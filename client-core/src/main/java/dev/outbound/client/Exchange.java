package dev.outbound.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryRun;

/**
 * One call, from the caller's request to the answer. A driver tells it what happened and
 * when; it says what to do next. It does no I/O, reads no clock and knows no thread, so
 * that every rule of a call stands here or in a policy asked here, once for both drivers.
 * <p>
 * The order, outermost first: deadline, authentication, redirects, retry. Each response
 * is seen from the inside out: a retry keeps it from the redirects, a redirect from the
 * authentication.
 * <p>
 * Times are nanoseconds of the driver's clock. Not thread-safe: a driver tells one thing
 * after the other.
 */
final class Exchange {

    /** What calls of a client share with this one, and what they ask. */
    record Policies(@Nullable String clientName, @Nullable RetryPolicy retry, @Nullable RetryBudget budget,
            Redirects redirects, Limits limits, JsonConversion json, CallStatistics statistics, DoubleSupplier random,
            CallCookies cookies) {
    }

    private static final byte[] NO_BYTES = {};

    /** As many as redirects at the most: a flow that never accepts must end, too. */
    private static final int MAX_AUTH_ROUNDS = 20;

    private static final AuthFlow NO_AUTH = AuthStep::sendLast;

    private final Policies policies;

    private final @Nullable Auth scheme;

    private AuthFlow auth = NO_AUTH;

    private final boolean streamed;

    private final @Nullable CallEnd end;

    private final @Nullable Duration total;

    private final Request original;

    /** What was decided on; cookies are attached anew to each request that is sent. */
    private Request current;

    private Request sent;

    private long started;

    private long startedMillis;

    private long deadline = Step.UNLIMITED;

    private @Nullable RetryRun retries;

    private int redirects;

    private int authRounds;

    private boolean acceptsNext;

    private boolean strayed;

    private boolean buffersForAuth;

    private boolean buffersToGiveUp;

    private boolean ended;

    private @Nullable ResponseHead response;

    private @Nullable List<Response> history;

    private RetryDecision.@Nullable Reason suppressed;

    Exchange(Policies policies, @Nullable Auth auth, Request request, boolean streamed, @Nullable CallEnd end) {
        this.end = end;
        this.policies = policies;
        this.scheme = auth;
        this.streamed = streamed;
        this.total = request.timeouts().total();
        RetryPolicy retry = policies.retry();
        this.original = (retry != null) ? retry.prepare(request) : request;
        this.current = this.original;
        this.sent = this.original;
    }

    /**
     * Begin.
     * @param now the time
     * @param millis the same as time of day, in milliseconds since 1970
     */
    Step start(long now, long millis) {
        this.started = now;
        this.startedMillis = millis;
        if (this.total != null) {
            this.deadline = now + this.total.toNanos();
        }
        if (this.policies.retry() != null) {
            this.retries = new RetryRun(this.policies.retry(), this.policies.random(), now, millis);
        }
        if (this.policies.budget() != null) {
            this.policies.budget().deposit();
        }
        if (this.scheme != null) {
            this.auth = this.scheme.begin(Instant.ofEpochMilli(millis));
        }
        return authenticate(() -> this.auth.start(this.original), now);
    }

    /** The head of a response is there. */
    Step responded(ResponseHead response, long now) {
        this.response = response;
        this.policies.cookies().store(this.sent.url(), response, time(now));
        RetryPolicy retry = this.policies.retry();
        if (retry != null && retry.judges(response.statusCode())) {
            Step next = retry(response, null, now);
            if (next != null) {
                return next;
            }
            RetriesExhaustedException exhausted = exhausted(null);
            if (exhausted != null) {
                this.buffersToGiveUp = !this.streamed;
                return this.streamed ? unanswered(exhausted, now) : buffer(now);
            }
        }
        if (this.policies.redirects().applies(response)) {
            return redirect(response, now);
        }
        // What another origin asks for is not for the flow to answer: it holds the
        // credentials.
        if (this.acceptsNext || this.strayed) {
            return answer(now);
        }
        if (this.auth.readsBody()) {
            this.buffersForAuth = true;
            return buffer(now);
        }
        return authenticated(NO_BYTES, null, now);
    }

    /** The body of the response in hand was read. */
    Step buffered(byte[] body, long now) {
        if (this.buffersForAuth) {
            this.buffersForAuth = false;
            return authenticated(body, body, now);
        }
        RetriesExhaustedException exhausted = this.buffersToGiveUp ? exhausted(response(body, now)) : null;
        this.buffersToGiveUp = false;
        return (exhausted != null) ? unanswered(exhausted, now) : deliver(body, now);
    }

    /** Sending, or reading the body, failed. */
    Step failed(RequestException failure, long now) {
        this.buffersForAuth = false;
        this.buffersToGiveUp = false;
        Step next = retry(null, failure, now);
        if (next != null) {
            return next;
        }
        RequestException exhausted = exhausted(null);
        return unanswered((exhausted != null) ? exhausted : failure, now);
    }

    /** A flow may go on without the answer, with another server or the token it has. */
    private Step unanswered(RequestException failure, long now) {
        if (this.acceptsNext || failure instanceof CancelledException) {
            return fail(failure, now);
        }
        try {
            AuthStep step = this.auth.failed(failure);
            return (step != null) ? authenticate(step, now) : fail(failure, now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** A pause is over. */
    Step resumed(long now) {
        return send(renewed(this.current), now);
    }

    /** What was waited for is there, or will not come. */
    Step awaited(long now) {
        return authenticate(this.auth::awaited, now);
    }

    /** The call was ended from outside, in a pause or while it waited. */
    Step cancelled(RequestException failure, long now) {
        return fail(failure, now);
    }

    /**
     * The call is over: its answer was given and, if it is a stream, read or closed. Once
     * for every exchange that was started.
     * @param failure what ended the call, or {@code null}
     */
    void closed(@Nullable Throwable failure, long now) {
        if (this.ended) {
            return;
        }
        this.ended = true;
        try {
            this.auth.close();
            if (this.retries != null) {
                this.retries.close(now);
            }
        }
        finally {
            count(failure, now);
        }
    }

    private void count(@Nullable Throwable failure, long now) {
        ResponseHead response = this.response;
        int status = (failure == null && response != null) ? response.statusCode() : 0;
        String problem = null;
        if (failure != null) {
            problem = (failure instanceof CancelledException) ? null : failure.getClass().getSimpleName()
                    + ((failure instanceof ClientException ex) ? ": " + ex.detail() : "");
        }
        else if (status >= 500) {
            problem = "status " + status;
        }
        this.policies.statistics().ended(now - this.started, status, problem);
        if (this.end != null) {
            this.end.closed(response, failure);
        }
    }

    /** Why the last attempt was not followed by another, or {@code null}. */
    RetryDecision.@Nullable Reason suppressed() {
        return this.suppressed;
    }

    int attempts() {
        return (this.retries != null) ? Math.max(1, this.retries.attempts()) : 1;
    }

    private Step authenticate(Supplier<AuthStep> flow, long now) {
        try {
            return authenticate(flow.get(), now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    private Step authenticate(AuthStep step, long now) {
        if (step instanceof AuthStep.Send send) {
            this.acceptsNext = send.last();
            this.strayed = false;
            return send(withoutAttached(send.request()), now);
        }
        if (step instanceof AuthStep.Await await) {
            return new Step.Await(await.result(), remaining(now));
        }
        this.acceptsNext = true;
        return (this.response == null) ? send(this.original, now) : answer(now);
    }

    private Step authenticated(byte[] body, byte @Nullable [] buffered, long now) {
        Response response = response(body, now);
        AuthStep step;
        try {
            step = this.auth.responded(response);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
        if (step instanceof AuthStep.Accept) {
            return (buffered != null) ? deliver(buffered, now) : answer(now);
        }
        if (++this.authRounds > MAX_AUTH_ROUNDS) {
            return fail(new LimitExceededException(Phase.PREPARE,
                    "the authentication asked for more than " + MAX_AUTH_ROUNDS + " rounds", null), now);
        }
        remember(response);
        return authenticate(step, now);
    }

    private Step redirect(ResponseHead response, long now) {
        Redirects redirects = this.policies.redirects();
        if (!this.current.isRepeatable() && (response.statusCode() == 307 || response.statusCode() == 308)) {
            return answer(now);
        }
        if (++this.redirects > redirects.max()) {
            return fail(new TooManyRedirectsException("more than " + redirects.max() + " redirects", null), now);
        }
        try {
            Request next = redirects.follow(this.current, response);
            remember(response(NO_BYTES, now));
            if (redirects.dropsCredentials(this.current.url(), next.url())) {
                this.strayed = true;
                next = next.withFields(next.fields().without(this::isOfAuthentication));
            }
            return send(renewed(next), now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** Whatever the flow has added is a credential, whatever its name says. */
    private boolean isOfAuthentication(String name) {
        return !this.original.fields().all(name).equals(this.current.fields().all(name));
    }

    /** Try again, or {@code null} where the last outcome stands. */
    private @Nullable Step retry(@Nullable ResponseHead response, @Nullable RequestException failure, long now) {
        RetryRun retries = this.retries;
        if (retries == null) {
            return null;
        }
        RetryDecision decision = retries.ended(this.current, response, failure, now,
                (delay) -> suppression(delay, now));
        this.suppressed = decision.reason();
        Duration delay = decision.delay();
        if (delay == null) {
            return null;
        }
        if (failure != null) {
            failure.in(context(now));
        }
        this.policies.statistics().retry();
        return delay.isZero() ? send(renewed(this.current), now) : new Step.Pause(delay.toNanos());
    }

    private @Nullable RetriesExhaustedException exhausted(@Nullable Response last) {
        return (this.retries != null) ? this.retries.exhausted(last) : null;
    }

    private RetryDecision.@Nullable Reason suppression(Duration delay, long now) {
        if (!this.current.isRepeatable()) {
            return RetryDecision.Reason.BODY;
        }
        if (delay.toNanos() >= remaining(now)) {
            return RetryDecision.Reason.DEADLINE;
        }
        RetryBudget budget = this.policies.budget();
        return (budget != null && !budget.withdraw(now)) ? RetryDecision.Reason.BUDGET : null;
    }

    /** Credentials that were dropped on the way to another origin do not come back. */
    private Request renewed(Request request) {
        return this.strayed ? request : this.auth.again(request);
    }

    private Step send(Request request, long now) {
        this.current = request;
        this.response = null;
        long remaining = remaining(now);
        if (remaining <= 0) {
            return fail(new TotalTimeoutException(Phase.PREPARE, "the time for the whole call ran out", null), now);
        }
        if (this.retries != null) {
            this.retries.begin(request, now);
        }
        this.policies.statistics().attempt();
        this.sent = this.policies.cookies().attach(request, this.original.url(), time(now));
        return new Step.Send(this.sent, remaining);
    }

    /**
     * A flow makes its next request of the one that was answered: the cookies that were
     * attached to it must not count as written by hand.
     */
    private Request withoutAttached(Request request) {
        String attached = this.sent.fields().first("Cookie");
        boolean ours = attached != null && !this.current.fields().contains("Cookie")
                && attached.equals(request.fields().first("Cookie"));
        return ours ? request.withoutHeader("Cookie") : request;
    }

    private Instant time(long now) {
        return Instant.ofEpochMilli(this.startedMillis + (now - this.started) / 1_000_000);
    }

    private Step answer(long now) {
        return this.streamed ? stream(null, now) : buffer(now);
    }

    private Step buffer(long now) {
        try {
            return new Step.Buffer(this.policies.limits().body(), isEmpty(), decoder(this.policies.limits().body()));
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /**
     * What a response to HEAD announces is the length of another (RFC 9110, section
     * 6.4.1).
     */
    private boolean isEmpty() {
        int status = head().statusCode();
        return this.sent.method() == HttpMethod.HEAD || status == 204 || status == 304;
    }

    /**
     * Content codings are undone here for every engine, within the limits of the client.
     */
    private @Nullable ContentDecoder decoder(long limit) {
        ResponseHead head = head();
        return (!isEmpty() && head.first("Content-Encoding") != null)
                ? ContentDecoder.of(head.fields().all("Content-Encoding"), limit, this.policies.limits().ratio(),
                        this.policies.limits().codings())
                : null;
    }

    private Step deliver(byte[] body, long now) {
        return this.streamed ? stream(body, now) : new Step.Deliver(response(body, now));
    }

    private Step stream(byte @Nullable [] buffered, long now) {
        Duration limit = this.current.timeouts().streamTotal();
        try {
            return new Step.DeliverStream(head(), this.sent, context(now), history(), buffered,
                    (buffered == null) ? decoder(-1) : null, (limit != null) ? limit.toNanos() : Step.UNLIMITED);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    private Step fail(ClientException failure, long now) {
        failure.in(context(now));
        if (this.retries != null) {
            this.retries.suppress(failure);
        }
        return new Step.Fail(failure);
    }

    private Response response(byte[] body, long now) {
        return new Response(head(), body, this.sent, context(now), history(), this.policies.json());
    }

    private ResponseHead head() {
        ResponseHead head = this.response;
        if (head == null) {
            throw new IllegalStateException("There is no response yet");
        }
        return head;
    }

    private void remember(Response response) {
        if (this.history == null) {
            this.history = new ArrayList<>(2);
        }
        this.history.add(response);
    }

    private List<Response> history() {
        return (this.history != null) ? List.copyOf(this.history) : List.of();
    }

    private long remaining(long now) {
        return (this.deadline == Step.UNLIMITED) ? Step.UNLIMITED : this.deadline - now;
    }

    /** What would surprise in a failure: retries are on, and this was not tried again. */
    private @Nullable String notRetried() {
        RetryDecision.Reason reason = this.suppressed;
        return (reason == null || reason == RetryDecision.Reason.OUTCOME || reason == RetryDecision.Reason.ATTEMPTS)
                ? null : reason.text();
    }

    /** A template may have a key written into its query. */
    private static String withoutQuery(String template) {
        int query = template.indexOf('?');
        return (query >= 0) ? template.substring(0, query) : template;
    }

    CallContext context(long now) {
        String template = this.original.template();
        return new CallContext(this.policies.clientName(), this.original.method().name(),
                (template != null) ? withoutQuery(template) : this.original.url().redacted(), attempts(),
                Duration.ofNanos(now - this.started), notRetried());
    }

}
