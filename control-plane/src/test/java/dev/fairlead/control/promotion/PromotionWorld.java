package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Submission;
import dev.fairlead.control.job.Submitted;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.ModelVersion;
import dev.fairlead.control.tx.Transactions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything around promotions, in memory: stores, jobs, aliases and transactions that roll back. Jobs move only when a
 * test says so, and any call into the world can be made the one that "crashes" the process.
 */
final class PromotionWorld {
    static final Digest SOURCE = digest('a');
    static final Digest SUITE = digest('b');
    static final Digest CANDIDATE = digest('c');
    static final Digest REPORT = digest('d');
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    /** What a transaction can undo. */
    private record Data(
            Map<PromotionId, Promotion> promotions,
            Map<JobId, Job> jobs,
            Map<String, JobId> keys,
            Map<String, Target> aliases,
            List<String> moves,
            List<String> events,
            Map<String, Environment> environments) {
        Data copy() {
            return new Data(
                    new TreeMap<>(promotions),
                    new TreeMap<>(jobs),
                    new HashMap<>(keys),
                    new HashMap<>(aliases),
                    new ArrayList<>(moves),
                    new ArrayList<>(events),
                    new HashMap<>(environments));
        }
    }

    /** The end of the process, as far as the promotion is concerned. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final InstantSource clock = InstantSource.fixed(NOW);
    private final Random random = new Random(7);
    private Data data = new Data(
            new TreeMap<>(),
            new TreeMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashMap<>());
    private boolean open;
    private int callsUntilCrash = -1;
    private @Nullable FairleadException refusal;

    final Store store = new Store();
    final FakeJobs jobs = new FakeJobs();
    final FakeRegistry registry = new FakeRegistry();
    final Memory transactions = new Memory();
    final FakeCertification certification = new FakeCertification();
    final Driver driver;
    final Promotions promotions;

    PromotionWorld() {
        environment("dev", Policy.Approval.NOT_NEEDED);
        environment("prod", Policy.Approval.REQUIRED);
        Announcer announcer = new Announcer(this::record, new Silent());
        Transitions transitions = new Transitions(store, jobs, announcer, clock);
        Deployments deployments = new Deployments(registry, transitions, certification);
        Starter starter =
                new Starter(store, new FakeEnvironments(), registry, transitions, new Identities(clock, random));
        driver = new Driver(store, jobs, transitions, deployments, certification, transactions);
        promotions = new Promotions(store, starter, transitions, deployments, transactions, clock);
    }

    static Digest digest(char fill) {
        return new Digest(String.valueOf(fill).repeat(64));
    }

    void environment(String name, Policy.Approval approval) {
        data.environments()
                .put(
                        name,
                        new Environment(
                                name,
                                "mac",
                                "cuda",
                                ModelFormat.ONNX,
                                new Policy(Policy.StandIns.ACCEPTED, approval, 3, Map.of("float32", 1e-5))));
    }

    Promotion start(String ref, String environment) {
        return promotions.start(new StartRequest("", ref, environment, Optional.empty(), "ada", "00-trace"));
    }

    Promotion get(PromotionId id) {
        return promotions.get(id);
    }

    /** The latest job of a step. */
    Job job(PromotionId id, Step step) {
        return jobs.get(Optional.ofNullable(get(id).jobs().get(step)).orElseThrow());
    }

    List<Job> allJobs() {
        return List.copyOf(data.jobs().values());
    }

    /** {@code digits@prod=1} for each time an alias was moved. */
    List<String> moves() {
        return List.copyOf(data.moves());
    }

    List<String> events() {
        return List.copyOf(data.events());
    }

    Optional<Target> alias(String name) {
        return Optional.ofNullable(data.aliases().get(name));
    }

    void aliasElsewhere(String name, Target target) {
        data.aliases().put(name, target);
    }

    /** The n-th call from now throws {@link Crash}, once. */
    void crashAtCall(int n) {
        callsUntilCrash = n;
    }

    void noCrash() {
        callsUntilCrash = -1;
    }

    /** Submissions fail with this from now on. */
    void refuseSubmissions(FairleadException with) {
        refusal = with;
    }

    /** Ends a job; one that has ended stays as it is. */
    void end(Job job, JobState state, @Nullable Reason reason, String resultJson) {
        Job now = data.jobs().getOrDefault(job.id(), job);
        if (!now.state().ended()) {
            data.jobs().put(job.id(), in(now, state, reason, resultJson));
        }
    }

    /** Ends a job as it ends when all goes well; a comparison says {@code verdict}. */
    void succeed(Job job, String verdict) {
        String result = job.spec().kind() == JobKind.COMPARE
                ? "{\"verdict\": \"%s\", \"sentence\": \"worst output logits at 1e-7\"}".formatted(verdict)
                : "{}";
        end(job, JobState.SUCCEEDED, null, result);
    }

    private static Job in(Job job, JobState state, @Nullable Reason reason, String resultJson) {
        Map<String, Digest> outputs = new HashMap<>();
        if (state == JobState.SUCCEEDED) {
            job.spec().outputs().forEach(output -> outputs.put(output.name(), tree(job, output.name())));
        }
        return new Job(
                job.id(),
                job.spec(),
                job.submitter(),
                job.promotionId(),
                job.traceparent(),
                job.submittedAt(),
                state,
                reason,
                job.cancelRequested(),
                null,
                null,
                List.of(),
                state.ended() ? NOW : null,
                outputs,
                resultJson);
    }

    private static Digest tree(Job job, String output) {
        return switch (output) {
            case "model" -> CANDIDATE;
            case "report" -> REPORT;
            default -> digest(job.spec().name().endsWith("reference") ? 'e' : 'f');
        };
    }

    private void record(Event event) {
        tick();
        data.events().add(event.type());
    }

    private void tick() {
        if (callsUntilCrash >= 0 && callsUntilCrash-- == 0) {
            throw new Crash();
        }
    }

    final class Memory implements Transactions {
        private final List<Runnable> after = new ArrayList<>();

        @Override
        public <T> T call(Supplier<T> body) {
            if (open) {
                return body.get();
            }
            Data before = data.copy();
            boolean done = false;
            open = true;
            try {
                T result = body.get();
                // A crash may also come between the last write and the commit.
                tick();
                done = true;
                return result;
            } finally {
                open = false;
                if (!done) {
                    data = before;
                }
                after.clear();
            }
        }

        @Override
        public void afterCommit(Runnable work) {
            after.add(work);
        }
    }

    final class Store implements PromotionStore {
        @Override
        public void insert(Promotion promotion) {
            tick();
            boolean taken = findByKey(promotion.start().key()).isPresent()
                    || findActive(
                                    promotion.start().model(),
                                    promotion.environment().name())
                            .isPresent();
            if (taken) {
                throw new FairleadException(ErrorCode.LOST_RACE, "", "taken");
            }
            data.promotions().put(promotion.id(), promotion);
        }

        @Override
        public Promotion update(Promotion promotion) {
            tick();
            Promotion stored = data.promotions().get(promotion.id());
            if (stored == null || stored.revision() != promotion.revision()) {
                throw new FairleadException(ErrorCode.LOST_RACE, "", "changed");
            }
            Promotion after = promotion.at(promotion.revision() + 1);
            data.promotions().put(after.id(), after);
            return after;
        }

        @Override
        public Optional<Promotion> find(PromotionId id) {
            return Optional.ofNullable(data.promotions().get(id));
        }

        @Override
        public Optional<Promotion> findByKey(String key) {
            return all().filter(p -> p.start().key().equals(key)).findFirst();
        }

        @Override
        public Optional<Promotion> findActive(String model, String environment) {
            return all().filter(p -> p.start().model().equals(model)
                            && p.environment().name().equals(environment)
                            && !p.phase().terminal())
                    .findFirst();
        }

        @Override
        public List<PromotionId> active() {
            return all().filter(p -> !p.phase().terminal()).map(Promotion::id).toList();
        }

        @Override
        public List<Promotion> list(int limit, @Nullable PromotionId before, @Nullable String model) {
            return all().toList().reversed().stream()
                    .filter(p -> before == null || p.id().compareTo(before) < 0)
                    .filter(p -> model == null || p.start().model().equals(model))
                    .limit(limit)
                    .toList();
        }

        @Override
        public Map<Phase, Long> count() {
            return Map.of();
        }

        @Override
        public Set<Digest> referencedTrees() {
            return Set.of();
        }

        private Stream<Promotion> all() {
            return data.promotions().values().stream();
        }
    }

    final class FakeJobs implements Jobs {
        @Override
        public Submitted submit(Submission submission) {
            tick();
            if (refusal != null) {
                throw refusal;
            }
            JobId known = data.keys().get(submission.key());
            if (known != null) {
                return new Submitted(get(known), false);
            }
            JobId id = JobId.next(NOW, random);
            Job job = Job.submitted(id, submission, submission.spec(), NOW);
            data.jobs().put(id, job);
            data.keys().put(submission.key(), id);
            return new Submitted(job, true);
        }

        @Override
        public Job get(JobId id) {
            return Optional.ofNullable(data.jobs().get(id)).orElseThrow();
        }

        @Override
        public Optional<Job> find(String key) {
            return Optional.ofNullable(data.keys().get(key)).map(this::get);
        }

        @Override
        public List<Job> list(JobQuery query) {
            return allJobs();
        }

        @Override
        public Job cancel(JobId id, String why) {
            tick();
            end(get(id), JobState.CANCELLED, new Reason("Cancelled", why), "");
            return get(id);
        }
    }

    static final class FakeCertification implements Certification {
        final Set<String> certified = new TreeSet<>();
        final Map<String, Reason> stale = new HashMap<>();
        /** Models of which no report can be read. */
        final Set<String> unreadable = new TreeSet<>();

        @Override
        public void passed(Promotion promotion, Digest candidate, Judgement judgement) {
            if (unreadable.contains(promotion.start().model())) {
                throw new FairleadException(ErrorCode.PARITY_REPORT_NOT_FOUND, "report_digest", "cannot be read");
            }
            certified.add(promotion.id().value());
        }

        @Override
        public Optional<Reason> stale(String id, String candidatePool) {
            return Optional.ofNullable(stale.get(id));
        }
    }

    final class FakeRegistry implements Registry {
        @Override
        public ModelVersion version(String ref) {
            String[] parts = ref.split("@", -1);
            Optional<Digest> suite = parts[0].equals("bare") ? Optional.empty() : Optional.of(SUITE);
            ModelFormat format = parts[0].equals("ready") ? ModelFormat.ONNX : ModelFormat.MLX;
            return new ModelVersion(
                    new ModelName(parts[0]), Integer.parseInt(parts[1]), SOURCE, format, suite, Optional.empty(), NOW);
        }

        @Override
        public Optional<Target> alias(String model, String environment) {
            return PromotionWorld.this.alias(model + "@" + environment);
        }

        @Override
        public void move(String model, String environment, Target target) {
            tick();
            data.aliases().put(model + "@" + environment, target);
            data.moves().add(model + "@" + environment + "=" + target.version());
        }

        @Override
        public void remove(String model, String environment) {
            tick();
            data.aliases().remove(model + "@" + environment);
            data.moves().add(model + "@" + environment + " removed");
        }
    }

    private final class FakeEnvironments implements Environments {
        @Override
        public Environment get(String name) {
            return Optional.ofNullable(data.environments().get(name))
                    .orElseThrow(() -> new FairleadException(ErrorCode.ENVIRONMENT_NOT_FOUND, "environment", "none"));
        }

        @Override
        public List<Environment> list() {
            return List.copyOf(data.environments().values());
        }

        @Override
        public void put(Environment environment) {
            data.environments().put(environment.name(), environment);
        }
    }

    private static final class Silent implements Changes {
        @Override
        public void signal(Topic topic) {
            // Nobody listens: tests call the driver themselves.
        }

        @Override
        public Subscription listen(Topic topic, Runnable listener) {
            return () -> {};
        }
    }
}
