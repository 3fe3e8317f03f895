package rocks.urvote.site;

import java.util.List;

/// What plays in the demo: three contests' songs, each a page of score. How to read one stands at [Score].
final class DemoSongs {

    private static final String PATRIOTIC = "Patriotic AI Music Challenge 2024";
    private static final String PLAYLIST = "Community Playlist Contest";
    private static final String HOUSE = "The House of Mary & Joseph";

    private DemoSongs() {}

    /// Waits in the first contest's queue, so that a moderator has something to hear.
    static DemoSong waiting() {
        return new DemoSong(
                PATRIOTIC,
                "Waiting Room Waltz",
                "The Unheard",
                "Waltz",
                "The clock says four, the waltz says three.",
                """
                key    67 major
                tempo  132 3
                form   aABA
                chords 1 6 4 5 1 3 4 5
                lead   music_box 80 x---x- x-x-x- xxx-x-
                answer flute 80
                comp   harp 60 .xx
                bass   finger_bass 80 1.. 5..
                hat    14 ..x
                room   30
                """);
    }

    static List<DemoSong> all() {
        return List.of(
                new DemoSong(
                        PATRIOTIC,
                        "Lanterns on the Bridge",
                        "Harbor Brass Nine",
                        "March",
                        "A parade at dusk. Every lamp on the river answers the band.",
                        """
                        key    58 major
                        tempo  128 4
                        form   aABA
                        chords 1 5 6 4 1 4 5 1
                        lead   brass 90 x--xx-x-x-x-x--- x--xx--xx---x-x-
                        answer flute 80
                        thirds brass 50
                        comp   brass 30 .x.x
                        bass   tuba 90 1.5.
                        kick   70 x.x.
                        snare  50 ..x...xo..x.x.xo
                        room   25
                        """),
                new DemoSong(
                        PATRIOTIC,
                        "Wide Open Morning",
                        "Prairie Signal",
                        "Anthem",
                        "Slow brass over timpani, for the minute before the flag goes up.",
                        """
                        key    60 major
                        tempo  72 4
                        form   AB
                        chords 1 3 4 5 6 4 2 5
                        lead   brass 80 x--xx--- x---x-x-
                        answer choir 90
                        thirds choir 45
                        comp   pad 60 x---
                        bass   tuba 70 1---
                        timpani 80 x......x x....xxx
                        room   55
                        """),
                new DemoSong(
                        PATRIOTIC,
                        "Fife and Thunder",
                        "The Minute Hands",
                        "Fife and drum",
                        "Six-eight, two fifes, and a drummer who slept well.",
                        """
                        key    62 mixolydian
                        tempo  200 6
                        form   aABA
                        chords 1 1 7 1 4 1 7 1
                        lead   flute 90 x-xxxx x-xx-x xxxx--
                        thirds flute 60
                        comp   guitar 40 x..x..
                        bass   finger_bass 50 1--5--
                        snare  70 x.xxxxx.xoxo x.ooxoxxx.x.
                        kick   60 x..x..
                        room   20
                        """),
                new DemoSong(
                        PATRIOTIC,
                        "Letters to the Coast",
                        "June Calloway Machine",
                        "Heartland ballad",
                        "A road, a radio, and a promise kept.",
                        """
                        key    57 major
                        tempo  100 4
                        form   aAB
                        chords 1 6 4 5
                        lead   fiddle 70 x---x-xx x-x-x---
                        answer piano 95
                        comp   guitar 70 1.2.3.2.1.3.2.3.
                        bass   finger_bass 75 1-.11-5-
                        kick   80 x..xx...
                        snare  55 ..x...x.
                        shaker 30 xoxoxoxo
                        room   25
                        """),
                new DemoSong(
                        PATRIOTIC,
                        "Eight-Bit Eagle",
                        "Pixel Congress",
                        "Chiptune anthem",
                        "The national mood, as a cartridge would have it.",
                        """
                        key    64 major
                        tempo  160 4
                        form   aABCA
                        chords 1 5 6 3 4 1 4 5
                        lead   chip 70 x-xxx-x- xxx-x-x- x-x-xxxx
                        thirds chip 35
                        comp   chip 28 1231231212312312
                        bass   acid 60 1.1.1.8.
                        kick   70 x...x..x
                        snare  45 ..x...x.
                        hat    30 xxxxxxxx
                        echo   20
                        room   5
                        """),
                new DemoSong(
                        PLAYLIST,
                        "Rain on Platform Nine",
                        "Tape Kitten",
                        "Lo-fi",
                        "For the last train, and for the homework on it.",
                        """
                        key    56 dorian
                        sevenths
                        tempo  76 4
                        form   AB
                        chords 1 4 7 3 6 2 5 5
                        lead   rhodes 70 ..x-x--- x--x.x--
                        answer marimba 80
                        comp   rhodes 55 x--.x-..
                        bass   finger_bass 80 1--..15-
                        kick   85 x..x.x..
                        snare  40 ..x...x.
                        hat    26 xoxoxoxx
                        swing  30
                        echo   18
                        room   35
                        """),
                new DemoSong(
                        PLAYLIST,
                        "Glass Elevator",
                        "Mira Okafor & the Patch Bay",
                        "House",
                        "Four floors up, four on the floor.",
                        """
                        key    57 minor
                        sevenths
                        tempo  128 4
                        form   aABA
                        chords 1 6 3 7
                        lead   synth 55 x..x..x. .x.x.x--
                        answer bell 60
                        comp   synth 42 ..x...x. .x..x.x.
                        bass   acid 75 .1.1.1.8
                        kick   100 xxxx
                        clap   50 .x.x
                        hat    40 .x.x.x.x
                        echo   30
                        room   18
                        """),
                new DemoSong(
                        PLAYLIST,
                        "Slow Tide, Warm Sand",
                        "Low Battery Beach",
                        "Chill",
                        "Nothing happens, beautifully.",
                        """
                        key    62 lydian
                        sevenths
                        tempo  68 4
                        form   AB
                        chords 1 2 1 5 6 2 4 1
                        lead   harp 80 x---..xx x-----x-
                        answer flute 55
                        comp   pad 75 x---
                        bass   finger_bass 55 1-----5-
                        shaker 16 o.x.o.x.
                        echo   35
                        room   70
                        """),
                new DemoSong(
                        PLAYLIST,
                        "Rubber Soles",
                        "Count Basement",
                        "Funk",
                        "The bass player wrote this one, and it shows.",
                        """
                        key    64 dorian
                        sevenths
                        tempo  104 4
                        form   ABA
                        chords 1 1 4 1 1 1 4 5
                        lead   organ 60 x.xx..x.x..x.... ..x.x.xxx-..x...
                        answer synth 60
                        comp   guitar 75 ..x..x....x..xx. .x..x.x...x.x...
                        bass   finger_bass 100 1..1.8.3..1.5.7. 1.1..8..5..3.2.1
                        kick   90 x..x..x...x..x..
                        snare  60 ....x..o.o..x..o
                        hat    32 xoxxxoxxxoxxxoxo
                        room   12
                        """),
                new DemoSong(
                        PLAYLIST,
                        "Kalimba Bus Ride",
                        "Odile & Sons Radio",
                        "Afrobeat",
                        "Window seat, all the way to the market.",
                        """
                        key    60 mixolydian
                        tempo  112 4
                        form   ABA
                        chords 1 1 7 4
                        lead   marimba 90 x.x.xx.xx.x..x.. x..xx.x.xx.x....
                        answer organ 60
                        thirds marimba 55
                        comp   guitar 50 1.3.2.3.1.32.3.2
                        bass   finger_bass 85 1..1..5...8.5...
                        kick   75 x...x...
                        shaker 36 xoxxxoxxxoxxxoxx
                        clap   24 ...x..x....x....
                        room   15
                        """),
                new DemoSong(
                        HOUSE,
                        "Bread for the Morning",
                        "Cedar Lane Choir",
                        "Hymn",
                        "Four plain lines and an organ, as it was always sung.",
                        """
                        key    55 major
                        tempo  80 4
                        form   ab
                        chords 1 4 1 5 6 4 5 1
                        lead   choir 95 x-x-x-x- x-x-x---
                        thirds choir 60
                        comp   organ 60 x---
                        bass   organ 70 1-5-
                        room   75
                        """),
                new DemoSong(
                        HOUSE,
                        "The Carpenter's Waltz",
                        "Willow & Grain",
                        "Folk waltz",
                        "Sawdust in the light, and somebody humming.",
                        """
                        key    62 major
                        tempo  144 3
                        form   aABAA
                        chords 1 1 4 5 6 2 5 1
                        lead   fiddle 75 x---x- x-x-x- x-xxx-
                        answer harp 95
                        comp   guitar 65 .xx
                        bass   finger_bass 80 1.. 5..
                        shaker 18 .xo
                        room   28
                        """),
                new DemoSong(
                        HOUSE,
                        "Bells of Little Jericho",
                        "Hannah's Handbells",
                        "Bells",
                        "Rung from the low wall, with snow on the ropes.",
                        """
                        key    65 major
                        tempo  108 4
                        form   aba
                        chords 1 5 4 1 6 3 4 5
                        lead   bell 85 x-x-x--- x-xxx-x-
                        thirds bell 50
                        comp   music_box 50 12341234 32123212
                        bass   bell 60 1---
                        room   60
                        """),
                new DemoSong(
                        HOUSE,
                        "Sleep, Small Shepherd",
                        "Ruth at the Window",
                        "Lullaby",
                        "A music box winds down; so does the child.",
                        """
                        key    60 major
                        tempo  96 3
                        form   abab
                        chords 1 6 4 5 1 3 4 1
                        lead   music_box 90 x-x x-- xxx
                        comp   harp 50 123
                        bass   pad 45 1--
                        echo   22
                        room   50
                        """),
                new DemoSong(
                        HOUSE,
                        "Barn Raising Day",
                        "The Jericho Pickers",
                        "Bluegrass",
                        "Many hands, fast fingers, and pie at four.",
                        """
                        key    59 major
                        tempo  132 4
                        form   aABA
                        chords 1 1 4 1 1 6 5 1
                        lead   banjo 95 x-xxx-xxxxxxx-x- xxx-xxx-x-xxx---
                        answer fiddle 70
                        comp   guitar 60 .x.x
                        bass   finger_bass 90 1.5.
                        kick   40 x.x.
                        snare  18 .x.x
                        room   15
                        """));
    }
}
