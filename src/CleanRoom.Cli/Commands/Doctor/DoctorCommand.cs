using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Attesters;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Machines;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Doctor;

/// <summary><c>cleanroom doctor</c>: which TEE a node would use here, whether it makes evidence and keeps counters, and what holds an engine.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliHost host)
    {
        var config = new Option<FileInfo?>("--config") { Description = "The node's JSON file. Without it the machine's own TEE is looked for." };
        var json = new Option<bool>("--json") { Description = "Prints {tee, sealing, evidenceBytes, endorsements, counters, passedOver, sandbox}; counters is null where a room's counter cannot be kept." };
        var command = new Command("doctor", "Says which TEE this machine has, tries it, says what is against the others, whether it keeps counters of rooms, and which layers of the engine's sandbox the machine has.") { config, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(config), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, FileInfo? config, bool json, CancellationToken cancellationToken)
    {
        // Before the TEE is looked for: the machine's kernel is worth knowing where there is none.
        var layers = MachineSandbox.Measure().Layers;
        if (!json)
        {
            host.Out.WriteLine($"engines are held by {layers.Count(one => one.IsActive)} of {layers.Length} layers");
            foreach (var missing in layers.Where(one => !one.IsActive))
            {
                host.Out.WriteLine($"engines are not held by {missing.Layer}: {missing.Detail}");
            }
        }

        var read = config is null ? NodeOptionsFile.Check(new NodeOptions { Tee = Attesters.Probing.ProbeOptions.Auto }) : NodeOptionsFile.Read(config.FullName);
        if (!read.TryGet(out var options, out var refusals)
            || !(await MachineTee.OpenAsync(options, new BclCryptoBackend(), cancellationToken)).TryGet(out var tee, out refusals))
        {
            return Output.Refuse(refusals);
        }

        using var machine = tee;
        try
        {
            var evidence = await machine.Trust.Attester.AttestAsync(new byte[AttestationBinding.ReportDataLength], cancellationToken);
            var free = await machine.Trust.Counter.CountFreeAsync(cancellationToken);
            if (json)
            {
                host.Out.WriteLine(new JsonObject
                {
                    ["tee"] = machine.Trust.Attester.Tee,
                    ["sealing"] = machine.Trust.Sealer.Kind,
                    ["evidenceBytes"] = evidence.Evidence.Length,
                    ["endorsements"] = evidence.Endorsements.Length,
                    ["counters"] = free.TryGet(out var places, out _) ? places : null,
                    ["passedOver"] = new JsonArray([.. machine.PassedOver.Select(one => new JsonObject { ["candidate"] = one.Candidate, ["reason"] = one.Reason })]),
                    ["sandbox"] = new JsonArray(
                        [.. layers.Select(one => new JsonObject { ["layer"] = one.Layer.ToString(), ["active"] = one.IsActive, ["detail"] = one.Detail })]),
                }.ToJsonString(JsonSerializerOptions.Default));
                return ExitCodes.Ok;
            }

            foreach (var line in machine.Words)
            {
                host.Out.WriteLine(line);
            }

            host.Out.WriteLine($"it makes evidence: {evidence.Evidence.Length} bytes, {evidence.Endorsements.Length} endorsements");
            host.Out.WriteLine(free.TryGet(out var more, out var none)
                ? $"contracts may say rollback: counter: {machine.Trust.Counter.Kind} keeps {more} more"
                : $"contracts may not say rollback: counter: {none[0]}");
            return ExitCodes.Ok;
        }
        catch (AttesterException exception)
        {
            return Output.Refuse([new Refusal(RefusalCode.EvidenceNotAccepted, $"a {machine.Trust.Attester.Tee} that makes evidence", exception.Message)]);
        }
    }
}
