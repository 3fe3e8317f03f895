package rocks.urvote.operations;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The listening socket that whoever started the program handed down as its standard input, as systemd does with
/// `StandardInput=socket`. It stays open while the program is replaced: who comes meanwhile waits in its queue, and is
/// answered by the next one.
final class InheritedSocket {

    private static final String LISTENING = "0A";

    private InheritedSocket() {}

    /// Its port, where there is one.
    static Optional<Integer> port() {
        if (!listens(Path.of("/proc/self/fd/0"))) {
            return Optional.empty();
        }
        try {
            return Outputs.kept() instanceof ServerSocketChannel socket
                            && socket.getLocalAddress() instanceof InetSocketAddress address
                    ? Optional.of(address.getPort())
                    : Optional.empty();
        } catch (IOException e) {
            throw new Command.Failed("The socket that was handed down cannot be used: " + e.getMessage(), e);
        }
    }

    /// As the system's lists of sockets have it: `socket:[<number>]`, with a state and that number in one line.
    private static boolean listens(Path input) {
        try {
            if (!Files.isSymbolicLink(input)) {
                return false;
            }
            var number = Files.readSymbolicLink(input).toString().replaceAll("^socket:\\[(\\d+)]$", "$1");
            return Stream.of("tcp", "tcp6")
                    .map(list -> Path.of("/proc/self/net", list))
                    .filter(Files::isReadable)
                    .flatMap(InheritedSocket::lines)
                    .map(line -> line.strip().split("\\s+", 0))
                    .anyMatch(words -> words.length > 9 && words[3].equals(LISTENING) && words[9].equals(number));
        } catch (IOException e) {
            return false;
        }
    }

    private static Stream<String> lines(Path list) {
        try {
            return Files.readAllLines(list).stream();
        } catch (IOException e) {
            return List.<String>of().stream();
        }
    }

    /// Java puts both outputs away when it takes such a socket, as if there could be no terminal and no journal behind
    /// them; here they are brought back.
    private static final class Outputs {

        private static final MethodHandle DUP = function("dup", 1);
        private static final MethodHandle DUP2 = function("dup2", 2);
        private static final MethodHandle CLOSE = function("close", 1);

        private static Channel kept() throws IOException {
            try {
                int out = (int) DUP.invokeExact(1);
                int err = (int) DUP.invokeExact(2);
                var channel = System.inheritedChannel();
                int _ = (int) DUP2.invokeExact(out, 1);
                int _ = (int) DUP2.invokeExact(err, 2);
                int _ = (int) CLOSE.invokeExact(out);
                int _ = (int) CLOSE.invokeExact(err);
                return channel;
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        @SuppressWarnings("restricted") // the launcher enables native access
        private static MethodHandle function(String name, int numbers) {
            var linker = Linker.nativeLinker();
            var parameters = new ValueLayout[numbers];
            Arrays.fill(parameters, ValueLayout.JAVA_INT);
            return linker.downcallHandle(
                    linker.defaultLookup().find(name).orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
        }
    }
}
