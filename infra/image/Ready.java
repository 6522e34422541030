import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks the server of this container whether it is ready to predict: the health check of an image that has no curl. Ends with 0
 * if it is. Uses what a JVM has loaded anyway, because it runs every few seconds.
 */
final class Ready {
    private static final int PATIENCE_MILLIS = 3_000;

    private Ready() {}

    public static void main(String[] arguments) {
        String port = System.getenv().getOrDefault("PORT", "8080");
        try {
            String status = ask(Integer.parseInt(port));
            System.out.println(status);
            System.exit(status.startsWith("HTTP/1.1 200 ") ? 0 : 1);
        } catch (IOException | IllegalArgumentException e) {
            System.out.println("no server answers at port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /** The first line of its answer. */
    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("GET /health/readiness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            return status == null ? "it closed the connection" : status;
        }
    }
}
