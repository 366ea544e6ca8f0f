using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Attesters;
using CleanRoom.Cli.Machines;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Cli.Commands.Serve;

/// <summary><c>cleanroom serve</c>: a node until it is asked to end.</summary>
internal static class ServeCommand
{
    /// <summary>How long a node may take to end after it was asked to: a silo hands over first.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var role = new Option<string>("--role")
        {
            Description = "all: silo, engine and API in one process. In a cluster also silo, without the API, and gateway, the API as a client of the silos.",
            DefaultValueFactory = _ => "all",
        };
        role.AcceptOnlyFromAmong("all", "silo", "gateway");
        var config = new Option<FileInfo?>("--config")
        {
            Description = "A JSON file: see contracts/examples/node.json and node-cluster.json. Defaults without it.",
        };
        var json = new Option<bool>("--json") { Description = "Prints {\"address\": ...} when the node serves." };
        var command = new Command("serve", "Runs a node.") { role, config, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(Enum.Parse<NodeRole>(parsed.GetRequiredValue(role), ignoreCase: true), parsed.GetValue(config), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(NodeRole role, FileInfo? config, bool json, CancellationToken cancellationToken)
    {
        var read = (config is null ? NodeOptionsFile.Check(new NodeOptions()) : NodeOptionsFile.Read(config.FullName))
            .Then(options => NodeOptionsFile.CheckRole(options, role));
        if (!read.TryGet(out var options, out var refusals)
            || !(await MachineTee.OpenAsync(options, new BclCryptoBackend(), cancellationToken)).TryGet(out var tee, out refusals))
        {
            return Output.Refuse(refusals);
        }

        using var machine = tee;
        foreach (var line in machine.Words)
        {
            Console.Error.WriteLine($"cleanroom: {line}");
        }

        var trust = machine.Trust;
        try
        {
            await using var node = await NodeApplication.StartAsync(options, role, trust, cancellationToken);
            Console.Out.WriteLine(json
                ? new JsonObject { ["address"] = node.Address.ToString(), ["build"] = trust.Build }.ToJsonString(JsonSerializerOptions.Default)
                : $"{trust.Build} serves at {node.Address}; {Where(options, role)}");
            await node.WaitForShutdownAsync(cancellationToken);
            return ExitCodes.Ok;
        }
        catch (StorageException exception)
        {
            return Output.Refuse([new Refusal(RefusalCode.StorageFailed, "a data directory that works", exception.Message)]);
        }
        catch (CleanRoomException exception)
        {
            return Output.Refuse([new Refusal(exception.Code, "a cluster that works", exception.Message)]);
        }
        catch (AttesterException exception)
        {
            return Output.Refuse([new Refusal(RefusalCode.EvidenceNotAccepted, $"a {trust.Attester.Tee} that works", exception.Message)]);
        }
        catch (IOException exception)
        {
            return Output.Refuse([new Refusal(RefusalCode.Unavailable, $"a free address at {options.Listen}", exception.Message)]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
    }

    private static string Where(NodeOptions options, NodeRole role) => options.Cluster is { } cluster
        ? $"{role.ToString().ToLowerInvariant()} of cluster {cluster.Id}"
        : $"data in {Path.GetFullPath(options.DataDirectory)}";
}
