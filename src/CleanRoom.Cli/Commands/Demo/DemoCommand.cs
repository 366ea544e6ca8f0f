using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using CleanRoom.Cli.Commands.Demo.Narration;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace CleanRoom.Cli.Commands.Demo;

/// <summary><c>cleanroom demo</c>: the whole story of three institutions on real records, in an embedded room.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "A directory with contract.json, registry.csv, laboratory.csv and hospital.csv of the same schema.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("contracts", "examples", "nafld")),
        };
        var port = StrictOptions.Number("--port", "The port of the room; 0 takes a free one.", missing: 0, least: 0, IPEndPoint.MaxPort);
        var stay = new Option<bool>("--stay") { Description = "Keeps the room up after the story and prints its address." };
        var tee = new Option<string>("--tee") { Description = "The TEE of the room: simulated, or tpm for a software TPM that is started beside it (needs swtpm).", DefaultValueFactory = _ => "simulated" };
        tee.AcceptOnlyFromAmong("simulated", "tpm");
        var tamper = new Option<string?>("--tamper") { Description = "Tampers with something and shows the refusal: part, signature, manifest or tee." };
        tamper.AcceptOnlyFromAmong("part", "signature", "manifest", "tee");
        var json = new Option<bool>("--json") { Description = "Prints the facts of every step as one JSON object." };
        var command = new Command("demo", "Three institutions, one answer, one receipt: the whole story on real records.") { data, port, stay, tee, tamper, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new DemoOptions(
                parsed.GetRequiredValue(data),
                parsed.GetValue(port),
                parsed.GetValue(stay),
                parsed.GetRequiredValue(tee),
                parsed.GetValue(tamper) is { } kind ? Enum.Parse<TamperKind>(kind, ignoreCase: true) : TamperKind.None,
                parsed.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var json = new JsonNarrator();
        INarrator narrator = options.Json ? json : new ConsoleNarrator(AnsiConsole.Console);
        var refusals = ImmutableArray<Refusal>.Empty;
        try
        {
            await PlayAsync(options, narrator, cancellationToken);
        }
        catch (StoryRefused refused)
        {
            refusals = refused.Refusals;
        }

        if (options.Json)
        {
            Console.Out.WriteLine(json.ToJson(refusals.IsEmpty, refusals));
        }

        if (!refusals.IsEmpty)
        {
            return Output.Refuse(refusals);
        }

        if (options.Tamper == TamperKind.None)
        {
            return ExitCodes.Ok;
        }

        Console.Error.WriteLine($"cleanroom: wanted tampering with the {options.Tamper.ToString().ToLowerInvariant()} to be refused; got the whole story");
        return ExitCodes.Bug;
    }

    private static async Task PlayAsync(DemoOptions options, INarrator narrator, CancellationToken cancellationToken)
    {
        if (LoopbackPort.WhyNotFree(options.Port) is { } taken)
        {
            throw new StoryRefused([taken]);
        }

        var data = DemoData.Open(options.Data).OrEnd();
        var directory = Directory.CreateTempSubdirectory("cleanroom-demo-");
        var room = directory.CreateSubdirectory("room");
        var tpm = directory.CreateSubdirectory("tpm");
        try
        {
            await PlayAsync(options, data, directory, (room, tpm), narrator, cancellationToken);
        }
        finally
        {
            // The receipt stays; what the operator held goes.
            room.Delete(recursive: true);
            tpm.Delete(recursive: true);
        }
    }

    private static async Task PlayAsync(
        DemoOptions options,
        DemoData data,
        DirectoryInfo directory,
        (DirectoryInfo Room, DirectoryInfo Tpm) held,
        INarrator narrator,
        CancellationToken cancellationToken)
    {
        var backend = new BclCryptoBackend();
        await using var machine = (await DemoMachine.OpenAsync(
            options.Tee, held.Room, held.Tpm, backend, options.Tamper == TamperKind.Tee, cancellationToken)).OrEnd();
        narrator.Step("A room starts on this machine: one process, a SQLite ledger, a directory of sealed objects");
        narrator.Say(machine.Warning);
        if (options.Tamper == TamperKind.Tee)
        {
            narrator.Say("TAMPER: the operator runs other code than the one that the contract accepts.");
        }

        var listen = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port}");
        await using var node = await NodeApplication.StartAsync(
            new NodeOptions { Listen = listen, DataDirectory = held.Room.FullName, LogLevel = LogLevel.Error }, machine.Trust, cancellationToken);
        narrator.Say($"{BuildName.Compute()} serves at {node.Address}; secrets at rest are sealed by {machine.Trust.Sealer.Kind}");
        narrator.Fact("address", node.Address.ToString());
        narrator.Fact("insecure", true);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var story = new DemoStory(new StorySetting
        {
            Services = new ClientServices(backend, http, TimeProvider.System, [.. machine.Trust.Verifiers]) { Patience = Calls.Patience },
            Address = RoomAddress.Parse(node.Address.ToString()).OrEnd(),
            Data = data,
            Accepted = [machine.Accepted],
            Narrator = narrator,
            Tamper = options.Tamper,
            OperatorDirectory = held.Room,
            Receipt = new FileInfo(Path.Combine(directory.FullName, "answer.receipt")),
        });
        await story.PlayAsync(cancellationToken);
        if (options.Stay)
        {
            Console.Error.WriteLine($"cleanroom: the room stays at {node.Address} with its data in {held.Room.FullName}, until Ctrl+C");
            await node.WaitForShutdownAsync(cancellationToken);
        }
    }

    private sealed record DemoOptions(DirectoryInfo Data, int Port, bool Stay, string Tee, TamperKind Tamper, bool Json);
}
