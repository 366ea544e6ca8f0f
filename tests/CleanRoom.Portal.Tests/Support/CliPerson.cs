using System.Text.Json.Nodes;
using CleanRoom.Cli;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cryptography;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>Someone who takes part by the command line, with a profile of one's own.</summary>
internal sealed class CliPerson : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler());

    public CliPerson() => File.WriteAllText(PathOf("passphrase"), "correct horse battery\n");

    /// <summary>Returns the path of one of the person's files.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Runs a verb that opens keys. <c>@name</c> is one of the person's files.</summary>
    public Task<JsonNode> DoAsync(params string[] args) => RunAsync(0, [.. args, "--passphrase-file", PathOf("passphrase")]);

    /// <summary>Runs a verb that opens no keys.</summary>
    public Task<JsonNode> ShowAsync(params string[] args) => RunAsync(0, args);

    /// <summary>Runs a verb with <c>--json</c> that must end with an exit code. One that is refused says nothing on its output.</summary>
    public async Task<JsonNode> RunAsync(int wanted, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var host = new CliHost(output, error, new Nobody(), TimeProvider.System, _http);
        string[] all = [.. args.Select(arg => arg.Replace("@", _folder.Path + "/", StringComparison.Ordinal)), "--json", "--profile", PathOf("profile")];
        (await CommandTree.RunAsync(host, all)).Should().Be(wanted, "{0} said: {1}", string.Join(' ', args), error);
        return output.ToString() is { Length: > 0 } said ? JsonNode.Parse(said)! : new JsonObject();
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private sealed class Nobody : IPrompt
    {
        public string? Line(string question) => null;

        public SecretBytes? Secret(string question) => null;
    }
}
