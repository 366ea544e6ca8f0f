using CleanRoom.Attesters.Endorsements;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Hosting;

/// <summary>What the verbs have of the world. A test has another one.</summary>
internal sealed class CliHost(TextWriter output, TextWriter error, IPrompt prompt, TimeProvider time, HttpClient http)
{
    /// <summary>Gets where data goes.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Gets where messages go.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Gets the person at the terminal.</summary>
    public IPrompt Prompt { get; } = prompt;

    /// <summary>Gets the cryptography.</summary>
    public ICryptoBackend Backend { get; } = new BclCryptoBackend();

    /// <summary>Gets what a client needs.</summary>
    public ClientServices Services { get; } = new(new BclCryptoBackend(), http, time, Verifiers.All);

    /// <summary>Gets the time.</summary>
    public Timestamp Now => Timestamp.From(Time.GetUtcNow());

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Gets what makes a source that asks the makers of TEEs; whoever calls it disposes of the source.</summary>
    public Func<HttpEndorsementSource> Makers { get; init; } = () => new HttpEndorsementSource(time);

    /// <summary>Gets what makes the client of a webhook, which keeps nothing and follows no redirect; whoever calls it disposes of the client.</summary>
    public Func<HttpClient> Webhooks { get; init; } = () => new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = 16, // KiB
    });

    /// <summary>Returns this process's terminal, clock and network.</summary>
    public static CliHost OfProcess() => new(Console.Out, Console.Error, new ConsolePrompt(), TimeProvider.System, new HttpClient());

    /// <summary>Writes a message for people.</summary>
    public void Say(string message) => Error.WriteLine($"cleanroom: {Plain(message)}");

    /// <summary>Takes out what would steer a terminal: names and reasons come from other parties.</summary>
    public static string Plain(string text) => text.Any(c => char.IsControl(c) && c != '\n')
        ? string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '?' : c))
        : text;
}
