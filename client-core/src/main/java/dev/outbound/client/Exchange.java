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
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.FailedCall;
import dev.outbound.client.guard.Passage;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.guard.Ruling;
import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.CallNotPermittedException;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Transferred;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryRun;

/**
 * One call, from the caller's request to the answer. A driver tells it what happened and
 * when; it says what to do next. It does no I/O, reads no clock and knows no thread, so
 * that every rule of a call stands here or in a policy asked here, once for both drivers.
 * <p>
 * The order, outermost first: deadline, interceptors, authentication, redirects, retry,
 * the guard (circuit breaker, rate limiter, bulkhead), cookies, hooks. Each response is
 * seen from the inside out: a retry keeps it from the redirects, a redirect from the
 * authentication, and that from the interceptors.
 * <p>
 * Times are nanoseconds of the driver's clock. Not thread-safe: a driver tells one thing
 * after the other.
 */
final class Exchange {

    private static final byte[] NO_BYTES = {};

    /** How often interceptors may have something sent in one call. */
    private static final int MAX_CALLS = 100;

    private final Policies policies;

    private final @Nullable Auth scheme;

    private final boolean streamed;

    private final @Nullable CallListener listener;

    /** The way of each request, or {@code null} where nothing stands in it. */
    private final @Nullable Passage passage;

    private final @Nullable Duration total;

    /** What the caller gave. */
    private final Request original;

    private final @Nullable Interception interception;

    private @Nullable Authentication auth;

    /** What the interceptors made of it. */
    private Request called;

    /** What was decided on; cookies are attached anew to each request that is sent. */
    private Request current;

    private Request sent;

    /** Why the flow's next request is sent. */
    private SendReason flowReason = SendReason.CALL;

    private SendReason reason = SendReason.CALL;

    private int requests;

    private long sentAt;

    private boolean awaitsHead;

    private long started;

    private long startedMillis;

    private long deadline = Step.UNLIMITED;

    private @Nullable RetryRun retries;

    private int redirects;

    private int calls;

    private Reading reading = Reading.TO_DELIVER;

    private boolean ended;

    /** The body is in the hands of the caller. */
    private boolean delivered;

    /** As it was received. */
    private @Nullable ResponseHead response;

    /** What an interceptor put in its place. */
    private @Nullable Response replacement;

    /** What an interceptor sees of the response in hand, where its body is not read. */
    private @Nullable Response streaming;

    private @Nullable List<Response> history;

    private RetryDecision.@Nullable Reason suppressed;

    private @Nullable Transferred transferred;

    Exchange(Policies policies, @Nullable Auth auth, Request request, boolean streamed, @Nullable CallListener listener,
            @Nullable Passage passage) {
        this.listener = listener;
        this.passage = passage;
        this.policies = policies;
        this.scheme = auth;
        this.streamed = streamed;
        this.total = request.timeouts().total();
        RetryPolicy retry = policies.retry();
        this.original = (retry != null) ? retry.prepare(request) : request;
        this.called = this.original;
        this.current = this.original;
        this.sent = this.original;
        this.interception = policies.interceptors().isEmpty() ? null : new Interception(policies.interceptors());
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
        return (this.interception == null) ? call(this.original, now)
                : intercepted(this.interception.begin(this.original), now);
    }

    /** Begin what the interceptors stand around. */
    private Step call(Request request, long now) {
        this.called = request;
        this.current = request;
        this.redirects = 0;
        this.history = null;
        this.flowReason = (this.requests == 0) ? SendReason.CALL : SendReason.INTERCEPTOR;
        try {
            if (this.auth != null) {
                this.auth.close();
            }
            Authentication auth = new Authentication(this.scheme, request, time(now));
            this.auth = auth;
            return authenticate(auth.begin(), now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** The head of a response is there. */
    Step responded(ResponseHead response, long now) {
        this.response = response;
        if (this.passage != null) {
            this.passage.responded(response.statusCode(), now);
        }
        this.policies.cookies().store(this.sent.url(), response, time(now));
        try {
            heardOf(response, null, now);
        }
        catch (ClientException ex) {
            return end(ex, now);
        }
        RetryPolicy retry = this.policies.retry();
        if (retry != null && retry.judges(response.statusCode())) {
            Step next = retry(response, null, now);
            if (next != null) {
                return next;
            }
            RetriesExhaustedException exhausted = exhausted(null);
            if (exhausted != null) {
                return this.streamed ? unanswered(exhausted, now) : buffer(Reading.TO_GIVE_UP, now);
            }
        }
        if (this.policies.redirects().applies(response)) {
            return redirect(response, now);
        }
        if (!auth().judges()) {
            return answer(now);
        }
        return auth().readsBody() ? buffer(Reading.TO_AUTHENTICATE, now) : authenticated(NO_BYTES, null, now);
    }

    /** The body of the response in hand was read. */
    Step buffered(byte[] body, long now) {
        if (this.passage != null) {
            this.passage.buffered(now);
        }
        switch (this.reading) {
            case TO_AUTHENTICATE -> {
                return authenticated(body, body, now);
            }
            case TO_GIVE_UP -> {
                RetriesExhaustedException exhausted = exhausted(response(body, now));
                return (exhausted != null) ? unanswered(exhausted, now) : deliver(body, now);
            }
            case TO_DELIVER -> {
                return deliver(body, now);
            }
        }
        throw new IllegalStateException("Nothing was to be read");
    }

    /**
     * How much of the bodies of the request in hand has passed. Told before what it is
     * asked for: a failure.
     */
    void transferred(Transferred transferred) {
        this.transferred = transferred;
    }

    /** Sending, or reading the body, failed. */
    Step failed(RequestException failure, long now) {
        leave(failure, now);
        heardOf(null, failure, now);
        return lost(failure, now);
    }

    /** An attempt has no response. */
    private Step lost(RequestException failure, long now) {
        Step next = retry(null, failure, now);
        if (next != null) {
            return next;
        }
        RequestException exhausted = exhausted(null);
        return unanswered((exhausted != null) ? exhausted : failure, now);
    }

    private Step unanswered(RequestException failure, long now) {
        try {
            AuthStep step = auth().failed(failure);
            return (step != null) ? authenticate(step, now) : fail(failure, now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** A pause is over. */
    Step resumed(long now) {
        return (this.passage != null && this.passage.isWaiting()) ? admitted(this.passage, now) : resend(now);
    }

    private Step resend(long now) {
        return send(auth().renew(this.current), SendReason.RETRY, now);
    }

    /** What was waited for is there, or will not come. */
    Step awaited(long now) {
        if (this.passage != null && this.passage.isWaiting()) {
            return admitted(this.passage, now);
        }
        try {
            return authenticate(auth().awaited(), now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** The call was ended from outside, or its time ran out. */
    Step cancelled(RequestException failure, long now) {
        leave(failure, now);
        if (this.awaitsHead) {
            heardOf(null, failure, now);
        }
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
            leave(isStreamOutOfTime(failure) ? null : failure, now);
            if (this.awaitsHead) {
                abandoned(failure, now);
            }
            if (this.auth != null) {
                this.auth.close();
            }
            if (this.retries != null) {
                this.retries.close(now);
            }
        }
        finally {
            count(failure, now);
        }
    }

    /**
     * Whether a stream was as long as the client allows. That says nothing about an
     * upstream that goes on sending: one that does not is found by the read timeout. The
     * deadline of the call, which fails in the same way, is over when the head is there.
     */
    private boolean isStreamOutOfTime(@Nullable Throwable failure) {
        return this.delivered && failure instanceof TotalTimeoutException;
    }

    /** Nobody waits any longer for the response to the request that was sent last. */
    private void abandoned(@Nullable Throwable failure, long now) {
        if (failure instanceof RequestException ex) {
            heardOf(null, ex, now);
        }
        else {
            heardOf(null, null, now);
        }
    }

    private void count(@Nullable Throwable failure, long now) {
        ResponseHead response = (this.replacement != null) ? this.replacement : this.response;
        int status = (failure == null && response != null) ? response.statusCode() : 0;
        String problem = null;
        if (failure instanceof StatusException ex) {
            status = ex.statusCode();
            problem = (status >= 500) ? "status " + status : null;
        }
        else if (failure != null) {
            boolean ended = failure instanceof CancelledException || isStreamOutOfTime(failure);
            problem = ended ? null : failure.getClass().getSimpleName()
                    + ((failure instanceof ClientException ex) ? ": " + ex.detail() : "");
        }
        else if (status >= 500) {
            problem = "status " + status;
        }
        this.policies.statistics().ended(now - this.started, status, (problem != null) ? failed(problem, now) : null);
        if (this.listener != null) {
            this.listener.closed(response, failure);
        }
    }

    private FailedCall failed(String problem, long now) {
        CallContext context = context(now);
        return new FailedCall(Instant.ofEpochMilli(this.startedMillis + (now - this.started) / 1_000_000),
                context.method() + " " + context.uri(), problem);
    }

    /** Why the last attempt was not followed by another, or {@code null}. */
    RetryDecision.@Nullable Reason suppressed() {
        return this.suppressed;
    }

    int attempts() {
        return (this.retries != null) ? Math.max(1, this.retries.attempts()) : 1;
    }

    private Step authenticate(AuthStep step, long now) {
        if (step instanceof AuthStep.Send send) {
            return send(withoutAttached(send.request()), this.flowReason, now);
        }
        if (step instanceof AuthStep.Await await) {
            leave(null, now);
            return new Step.Await(await.result(), remaining(now), Step.UNLIMITED);
        }
        return (this.response == null) ? send(this.called, this.flowReason, now) : answer(now);
    }

    private Step authenticated(byte[] body, byte @Nullable [] buffered, long now) {
        Response response = response(body, now);
        AuthStep step;
        try {
            step = auth().responded(response);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
        if (step instanceof AuthStep.Accept) {
            return (buffered != null) ? deliver(buffered, now) : answer(now);
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
            Request next = follow(this.current, response, auth());
            remember(new Response(head(), NO_BYTES, this.sent, context(now), history(), null, this.policies.reading()));
            if (redirects.dropsCredentials(this.current.url(), next.url())) {
                auth().stray();
            }
            return send(auth().renew(next), SendReason.REDIRECT, now);
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    /** The request that a redirect asks for, whether it is followed or not. */
    private Request follow(Request from, ResponseHead response, @Nullable Authentication auth) {
        Redirects redirects = this.policies.redirects();
        Request next = redirects.follow(from, response);
        return (auth != null && redirects.dropsCredentials(from.url(), next.url()))
                ? auth.withoutCredentials(next, from) : next;
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
        // What is refused at once, time and again, is no recursion.
        if (delay.isZero() && !(failure instanceof CallNotPermittedException)) {
            return resend(now);
        }
        leave(null, now);
        return new Step.Pause(delay.toNanos());
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

    private Step send(Request request, SendReason reason, long now) {
        leave(null, now);
        this.current = request;
        this.reason = reason;
        this.response = null;
        this.transferred = null;
        this.replacement = null;
        this.streaming = null;
        this.reading = Reading.TO_DELIVER;
        long remaining = remaining(now);
        if (remaining <= 0) {
            return fail(outOfTime(), now);
        }
        if (this.retries != null) {
            this.retries.begin(request, now);
        }
        return (this.passage != null) ? rule(this.passage.enter(now, remaining), now) : dispatch(now);
    }

    /** A wait of the request that is to be sent is over. */
    private Step admitted(Passage passage, long now) {
        long remaining = remaining(now);
        if (remaining <= 0) {
            leave(null, now);
            return fail(outOfTime(), now);
        }
        return rule(passage.again(now, remaining), now);
    }

    /** Do what the guard says. */
    private Step rule(Ruling ruling, long now) {
        if (ruling instanceof Ruling.Pause pause) {
            return new Step.Pause(pause.nanos());
        }
        if (ruling instanceof Ruling.Queue queue) {
            return new Step.Await(queue.arrival(), remaining(now), queue.nanos());
        }
        return (ruling instanceof Ruling.Refuse refuse) ? lost(refuse.failure(), now) : dispatch(now);
    }

    /** The request that was sent last has ended, if it has not before. */
    private void leave(@Nullable Throwable failure, long now) {
        if (this.passage != null) {
            this.passage.leave(failure, now);
        }
    }

    private Step dispatch(long now) {
        this.policies.statistics().attempt();
        this.sent = this.policies.cookies().attach(this.current, this.called.url(), time(now));
        this.flowReason = SendReason.AUTHENTICATION;
        this.requests++;
        this.sentAt = now;
        try {
            for (Hook hook : this.policies.hooks()) {
                this.sent = hook.onRequest(this.sent);
            }
        }
        catch (ClientException ex) {
            return end(ex, now);
        }
        LocalProtocolException fault = OutgoingHead.fault(this.sent.fields());
        if (fault != null) {
            return fail(fault, now);
        }
        if (this.listener != null) {
            this.sent = this.listener.sending(this.sent, this.reason);
        }
        this.awaitsHead = true;
        return new Step.Send(this.sent, remaining(now));
    }

    /** Tell of a response, or of a failure before or behind its head. */
    private void heardOf(@Nullable ResponseHead response, @Nullable RequestException failure, long now) {
        boolean first = this.awaitsHead;
        this.awaitsHead = false;
        if (first && this.listener != null) {
            this.listener.sent(response, failure);
        }
        List<Hook> hooks = this.policies.hooks();
        if (hooks.isEmpty()) {
            return;
        }
        for (Hook hook : hooks) {
            if (response != null) {
                hook.onResponse(this.sent, response);
            }
            else if (failure != null) {
                hook.onError(this.sent, failure);
            }
        }
        if (first) {
            Sending sending = new Sending(this.sent, this.reason, this.requests, response, failure,
                    Duration.ofNanos(now - this.sentAt));
            hooks.forEach((hook) -> hook.onAttempt(sending));
        }
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

    /** The response in hand is the answer, as far as what is inside of here goes. */
    private Step answer(long now) {
        return this.streamed ? answered(NO_BYTES, null, now) : buffer(Reading.TO_DELIVER, now);
    }

    private Step deliver(byte[] body, long now) {
        return answered(body, body, now);
    }

    /**
     * Give the answer to the interceptors, or to the caller.
     * @param body the body as far as it was read
     * @param buffered the same, or {@code null} where it was not read
     */
    private Step answered(byte[] body, byte @Nullable [] buffered, long now) {
        if (this.interception == null) {
            return finish(buffered, now);
        }
        Response response = (buffered != null) ? response(body, now) : response(body, now).headOnly();
        this.streaming = (buffered != null) ? null : response;
        return intercepted(this.interception.resume(Answer.of(response)), now);
    }

    /** Do what the interceptors say. */
    private Step intercepted(Answer answer, long now) {
        if (answer instanceof Answer.Send send) {
            // Who sends again after every failure must end, too.
            if (++this.calls > MAX_CALLS) {
                return end(new LimitExceededException(Phase.PREPARE,
                        "the interceptors asked for more than " + MAX_CALLS + " requests", null), now);
            }
            return (remaining(now) > 0) ? call(send.request(), now) : end(outOfTime(), now);
        }
        if (answer instanceof Answer.Failed failed) {
            return end(failed.failure(), now);
        }
        Response given = ((Answer.Given) answer).response();
        if (given.isHeadOnly() && (this.streaming == null || !given.hasSameBodyAs(this.streaming))) {
            throw new IllegalStateException("An interceptor gave a response whose body was streamed, and is gone;"
                    + " give the last one, or one with a body");
        }
        this.replacement = given;
        return finish(given.isHeadOnly() ? null : given.bytes(), now);
    }

    private static TotalTimeoutException outOfTime() {
        return new TotalTimeoutException(Phase.PREPARE, "the time for the whole call ran out", null);
    }

    private Step fail(ClientException failure, long now) {
        failure.in(context(now));
        // What somebody wanted to end is over, whatever an interceptor would make of it.
        return (this.interception == null || failure instanceof CancelledException) ? end(failure, now)
                : intercepted(this.interception.resume(Answer.failure(failure)), now);
    }

    /** Deliver what the interceptors left. */
    private Step finish(byte @Nullable [] body, long now) {
        if (this.streamed || body == null) {
            return stream(body, now);
        }
        Response response = response(body, now);
        try {
            return new Step.Deliver(this.policies.raisesForStatus() ? response.raiseForStatus() : response);
        }
        catch (StatusException ex) {
            return end(ex, now);
        }
    }

    private Step buffer(Reading reading, long now) {
        this.reading = reading;
        long limit = this.policies.limits().body();
        try {
            return new Step.Buffer(limit, isEmpty(), decoder(limit));
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
        int status = received().statusCode();
        return this.sent.method() == HttpMethod.HEAD || status == 204 || status == 304;
    }

    /**
     * Content codings are undone here for every engine, within the limits of the client.
     */
    private @Nullable ContentDecoder decoder(long limit) {
        ResponseHead head = received();
        return (!isEmpty() && head.first("Content-Encoding") != null)
                ? ContentDecoder.of(head.fields().all("Content-Encoding"), limit, this.policies.limits().ratio(),
                        this.policies.limits().codings())
                : null;
    }

    private Step stream(byte @Nullable [] buffered, long now) {
        Duration limit = this.current.timeouts().streamTotal();
        try {
            ContentDecoder decoder = (buffered == null) ? decoder(-1) : null;
            this.delivered = true;
            return new Step.DeliverStream(head(), answered(), context(now), history(), next(), buffered, decoder,
                    (limit != null) ? limit.toNanos() : Step.UNLIMITED, this.policies.reading());
        }
        catch (RequestException ex) {
            return fail(ex, now);
        }
    }

    private Step end(ClientException failure, long now) {
        failure.in(context(now));
        if (this.retries != null) {
            this.retries.suppress(failure);
        }
        return new Step.Fail(failure);
    }

    private Response response(byte[] body, long now) {
        return new Response(head(), body, answered(), context(now), history(), next(), this.policies.reading());
    }

    /** The request that the answer is to. */
    private Request answered() {
        return (this.replacement != null) ? this.replacement.request() : this.sent;
    }

    /** What would follow, were the redirect in hand followed. */
    private @Nullable Supplier<Request> next() {
        ResponseHead head = head();
        Request from = (this.replacement != null) ? this.replacement.request() : this.current;
        Authentication auth = this.auth;
        return Redirects.leadsOn(head) ? () -> follow(from, head, auth) : null;
    }

    private ResponseHead head() {
        return (this.replacement != null) ? this.replacement : received();
    }

    private ResponseHead received() {
        ResponseHead head = this.response;
        if (head == null) {
            throw new IllegalStateException("There is no response yet");
        }
        return head;
    }

    private Authentication auth() {
        Authentication auth = this.auth;
        if (auth == null) {
            throw new IllegalStateException("The call was not started");
        }
        return auth;
    }

    private void remember(Response response) {
        if (this.history == null) {
            this.history = new ArrayList<>(2);
        }
        this.history.add(response);
    }

    private List<Response> history() {
        if (this.replacement != null) {
            return this.replacement.history();
        }
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
                Duration.ofNanos(now - this.started), notRetried(), this.transferred);
    }

    /** What the body in hand is read for. */
    private enum Reading {

        TO_DELIVER, TO_AUTHENTICATE, TO_GIVE_UP

    }

    /** What calls of a client share with this one, and what they ask. */
    record Policies(@Nullable String clientName, List<Interceptor> interceptors, @Nullable RetryPolicy retry,
            @Nullable RetryBudget budget, Redirects redirects, CallCookies cookies, List<Hook> hooks, Limits limits,
            boolean raisesForStatus, BodyReading reading, CallStatistics statistics, DoubleSupplier random) {

        /** The same with what a call says for itself. */
        Policies with(@Nullable RetryPolicy retry, Redirects redirects, CallCookies cookies, boolean raisesForStatus) {
            return new Policies(this.clientName, this.interceptors, retry, this.budget, redirects, cookies, this.hooks,
                    this.limits, raisesForStatus, this.reading, this.statistics, this.random);
        }

    }

}
