using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Demo;
using CleanRoom.Cli.Hosting;
using CleanRoom.Node.Portal;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Portal;

/// <summary><c>cleanroom portal</c>: the portal's files on the collaborator's own machine, until it is asked to end.</summary>
internal static class PortalCommand
{
    private const int DefaultPort = 8480;
    private const int HighestPort = 65_535;

    public static Command Create()
    {
        var port = StrictOptions.Number("--port", "Where it is served on this machine alone; 0 takes a free one.", DefaultPort, least: 0, HighestPort);
        var json = new Option<bool>("--json") { Description = "Prints {\"address\": ..., \"digest\": ...} when the page is served." };
        var digest = new Option<bool>("--digest") { Description = "Prints the digest of the portal's files beside this program, and serves nothing." };
        var command = new Command("portal", "Serves the portal's page on this machine, so that nobody else's server must be trusted for it.") { port, json, digest };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(digest)
            ? Task.FromResult(PrintDigest(parsed.GetValue(json)))
            : RunAsync(parsed.GetRequiredValue(port), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int port, bool json, CancellationToken cancellationToken)
    {
        if (PortalFiles.FindBesideProgram() is not { } files)
        {
            return RefuseWithout();
        }

        if (LoopbackPort.WhyNotFree(port) is { } taken)
        {
            return Output.Refuse([taken]);
        }

        try
        {
            await using var portal = await PortalApplication.StartAsync(files, port, cancellationToken);
            Console.Out.WriteLine(json
                ? new JsonObject { ["address"] = portal.Address.ToString(), ["digest"] = files.Digest.ToString() }.ToJsonString(JsonSerializerOptions.Default)
                : $"the portal is at {portal.Address}, {files.Count} files with digest {files.Digest}");
            await portal.WaitForShutdownAsync(cancellationToken);
            return ExitCodes.Ok;
        }
        catch (IOException exception)
        {
            return Output.Refuse([new Refusal(RefusalCode.Unavailable, $"a free port {port}", exception.Message)]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
    }

    /// <summary>Reads the files anew: what is printed is the digest of what lies there now, whatever a page says of itself.</summary>
    private static int PrintDigest(bool json)
    {
        if (PortalFiles.FindBesideProgram() is not { } files)
        {
            return RefuseWithout();
        }

        Console.Out.WriteLine(json
            ? new JsonObject { ["digest"] = files.Digest.ToString(), ["files"] = files.Count }.ToJsonString(JsonSerializerOptions.Default)
            : $"{files.Digest}  the portal's {files.Count} files beside this program");
        return ExitCodes.Ok;
    }

    private static int RefuseWithout() =>
        Output.Refuse([new Refusal(RefusalCode.DocumentInvalid, "the portal's files beside this program", "a build without them")]);
}
