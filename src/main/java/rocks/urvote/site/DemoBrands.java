package rocks.urvote.site;

import java.time.ZoneId;
import java.util.List;
import rocks.urvote.clients.Client.Theme;

/// The clients and contests that UrVote grew out of, by the names of its first data.
record DemoBrands(
        String slug,
        String client,
        String tagline,
        String about,
        Theme theme,
        String contest,
        String description,
        String rules,
        List<String> prizes,
        ZoneId timeZone,
        int daysLeft) {

    static List<DemoBrands> all() {
        return List.of(
                new DemoBrands(
                        "payportpro",
                        "PayPortPro",
                        "Payments for people who build things.",
                        "PayPortPro moves money for small makers. Once a year it asks them what their country sounds"
                                + " like.",
                        new Theme("#1d3f8f", "#d7263d"),
                        "Patriotic AI Music Challenge 2024",
                        "A song for the country as you know it. Any genre, any mood, made with AI.",
                        "Songs must be made with at least one AI tool, and you must hold the rights to everything in"
                                + " them.",
                        List.of("A day in a studio", "A pair of headphones", "A mention on our front page"),
                        ZoneId.of("America/New_York"),
                        18),
                new DemoBrands(
                        "sound-of-chi",
                        "Sound of Chi",
                        "Chicago's neighbourhood playlist.",
                        "Sound of Chi collects what is played on porches, in kitchens and in the back of the bus.",
                        new Theme("#0f6b5c", "#ff8a3d"),
                        "Community Playlist Contest",
                        "What should the neighbourhood hear this winter? The ten songs with the most votes go on the"
                                + " list.",
                        "Keep it kind: it plays in public places.",
                        List.of("A place on the playlist until spring"),
                        ZoneId.of("America/Chicago"),
                        9),
                new DemoBrands(
                        "jericho-homestead",
                        "Jericho Homestead",
                        "Songs for the long table.",
                        "Jericho Homestead is a farm with a long table and an old organ.",
                        new Theme("#f4e76e", "#7a2d1c"),
                        "The House of Mary & Joseph",
                        "Hymns, lullabies and songs of coming home.",
                        "Old words are welcome; the music must be new.",
                        List.of("Your song at the Christmas table", "A basket from the farm"),
                        ZoneId.of("UTC"),
                        25));
    }
}
