package dev.fairlead.control.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A process that is killed again and again still moves the alias once. */
class DriverCrashTest {
    @Property(tries = 300)
    void movesTheAliasOnceHoweverOftenItCrashes(
            @ForAll @Size(max = 25) List<@IntRange(min = 0, max = 12) Integer> crashes) {
        PromotionWorld world = new PromotionWorld();
        PromotionId id = world.start("digits@1", "prod").id();

        for (int calls : crashes) {
            world.crashAtCall(calls);
            oneRound(world, id);
        }
        world.noCrash();
        while (!world.get(id).phase().terminal()) {
            oneRound(world, id);
        }

        assertThat(world.get(id).phase()).isEqualTo(Phase.PROMOTED);
        assertThat(world.moves()).containsExactly("digits@prod=1");
        assertThat(world.allJobs()).hasSize(6);
        assertThat(world.events())
                .containsExactly(
                        "promotion.converting",
                        "promotion.validating",
                        "promotion.awaiting_approval",
                        "promotion.deploying",
                        "promotion.promoted");
    }

    private static void oneRound(PromotionWorld world, PromotionId id) {
        try {
            world.driver.advance(id);
            world.get(id).jobs().keySet().forEach(step -> world.succeed(world.job(id, step), "PASSED"));
            if (world.get(id).phase() == Phase.AWAITING_APPROVAL) {
                world.promotions.approve(id, "ada");
            }
        } catch (PromotionWorld.Crash e) {
            // Started again by the next round.
        }
    }
}
