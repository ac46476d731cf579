package dev.fairlead.control.event;

/**
 * Something that happened to an entity.
 *
 * @param type what happened, dotted: {@code job.succeeded}
 * @param entity the kind of thing: {@code job}
 * @param key the thing; events of one key stay in order
 * @param payloadJson a JSON object
 */
public record Event(String type, String entity, String key, String payloadJson) {
    public Event {
        require(type, "type");
        require(entity, "entity");
        require(key, "key");
        require(payloadJson, "payloadJson");
    }

    private static void require(String value, String name) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("event." + name + " is blank");
        }
    }
}
