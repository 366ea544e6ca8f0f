using System.Text.Json.Nodes;
using CleanRoom.Attesters.Endorsements;
using CleanRoom.Cli;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cryptography;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Cli;

/// <summary>Someone at a command line: a profile of one's own, a passphrase file, and the world's clock and network.</summary>
internal sealed class CliUser : IDisposable
{
    private readonly World _world;
    private readonly TemporaryDirectory _folder = new();

    public CliUser(World world)
    {
        _world = world;
        File.WriteAllText(File_("passphrase"), "correct horse battery\n");
    }

    public string Output { get; private set; } = string.Empty;

    public string Messages { get; private set; } = string.Empty;

    /// <summary>The facts that the last verb printed.</summary>
    public JsonNode Json => JsonNode.Parse(Output)!;

    public string Profile => File_("profile");

    /// <summary>What the person types when asked; null when nobody is there.</summary>
    public Queue<string>? Typed { get; set; }

    /// <summary>Who answers in place of the makers of TEEs; null for nobody, since no test asks the network.</summary>
    public HttpMessageHandler? Maker { get; set; }

    /// <summary>A node over a real network, at the time that it is; null for the world's.</summary>
    public HttpClient? Network { get; set; }

    public DateTimeOffset Now => _world.Time.GetUtcNow();

    public string File_(string name) => _folder.File(name);

    /// <summary>Runs a verb with <c>--json</c> and the profile, and with the passphrase file where keys are opened.</summary>
    public Task<int> RunAsync(params string[] args) => RunBareAsync([.. args, "--profile", Profile]);

    /// <summary>Runs a verb that knows no profile.</summary>
    public async Task<int> RunBareAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost(output, error, new Person(this), Network is null ? _world.Time : TimeProvider.System, Network ?? _world.Http)
        {
            Makers = () => new HttpEndorsementSource(Maker ?? throw new InvalidOperationException("a test asked the makers"), _world.Time),
        };
        var exit = await CommandTree.RunAsync(host, [.. args.Select(arg => arg.Replace("@", _folder.Path + "/", StringComparison.Ordinal))]);
        (Output, Messages) = (output.ToString(), error.ToString());
        return exit;
    }

    /// <summary>As <see cref="RunAsync"/>, with the passphrase file and for the facts; the verb must succeed.</summary>
    public async Task<JsonNode> DoAsync(params string[] args)
    {
        (await RunAsync([.. args, "--json", "--passphrase-file", File_("passphrase")])).Should().Be(0, "{0} said: {1}", string.Join(' ', args), Messages);
        return Json;
    }

    /// <summary>As <see cref="RunAsync"/> for verbs that open no key.</summary>
    public async Task<JsonNode> ShowAsync(params string[] args)
    {
        (await RunAsync([.. args, "--json"])).Should().Be(0, "{0} said: {1}", string.Join(' ', args), Messages);
        return Json;
    }

    /// <summary>Returns somebody else with the same files, in another world.</summary>
    public CliUser Copy(World world)
    {
        var copy = new CliUser(world);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var target = copy.File_(Path.GetRelativePath(_folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        return copy;
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Person(CliUser user) : IPrompt
    {
        public string? Line(string question) => user.Typed is { Count: > 0 } typed ? typed.Dequeue() : null;

        public SecretBytes? Secret(string question) =>
            Line(question) is { } typed ? SecretBytes.CopyOf(System.Text.Encoding.UTF8.GetBytes(typed)) : null;
    }
}
