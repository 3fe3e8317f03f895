package rocks.urvote.votes;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import rocks.urvote.identity.Whereabouts;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(VoteSettings.class)
class VotesConfiguration {

    @Bean
    Places places(VoteSettings settings) {
        var file = settings.geoip();
        return file == null ? new BundledPlaces() : MmdbPlaces.open(file);
    }

    /// What people are shown of where they are signed in.
    @Bean
    Whereabouts whereabouts(Places places) {
        return places::countryOf;
    }

    /// The table is unpacked once, which takes a moment: not the first voter's.
    @Bean
    ApplicationListener<ApplicationReadyEvent> unpackPlaces(Places places) {
        return ready -> Thread.startVirtualThread(places::source);
    }
}
