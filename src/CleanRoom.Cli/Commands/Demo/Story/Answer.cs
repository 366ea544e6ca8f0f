using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Client.Results;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Receipts;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>The fourth part: the receivers open the answer, and anyone can check its receipt.</summary>
internal sealed class Answer(StorySetting setting)
{
    /// <summary>Lets every receiver open the same answer and shows it.</summary>
    public async Task<ArrowTable> OpenAsync(ImmutableArray<Person> receivers, Digest query, CancellationToken cancellationToken)
    {
        ArrowTable? table = null;
        Digest? commitment = null;
        foreach (var receiver in receivers)
        {
            var opened = await Calls.PatientlyAsync(setting.Services, () => new RoomResults(receiver.Room).OpenAsync(query, cancellationToken), cancellationToken);
            commitment ??= opened.Run.Result!.Commitment; // An opened answer has a result.
            table ??= ArrowTable.Read(opened.Payload);
            setting.Narrator.Say($"{receiver.Identity.Name} opens it with its own key; it matches the commitment {commitment.Value.Abbreviated} in the ledger.");
        }

        setting.Narrator.Table(table!); // There is a receiver, else the query was refused.
        setting.Narrator.Fact("commitment", commitment!.Value.ToString());
        return table!;
    }

    /// <summary>Writes the receipt of an answer and verifies it with nothing but the file.</summary>
    public async Task ProveAsync(Person receiver, Digest query, CancellationToken cancellationToken)
    {
        setting.Narrator.Step("The answer has a receipt, which anyone can check without the room and without a network");
        var receipt = await Calls.PatientlyAsync(
            setting.Services, () => new RoomResults(receiver.Room).ReceiptAsync(query, isRedacted: false, cancellationToken), cancellationToken);
        await File.WriteAllBytesAsync(setting.Receipt.FullName, receipt.Bundle.ToArray(), cancellationToken);
        var report = ReceiptVerifier.Verify(await File.ReadAllBytesAsync(setting.Receipt.FullName, cancellationToken), at: null, setting.Services.Fold);
        if (!report.IsVerified)
        {
            throw new StoryRefused(report.Failures);
        }

        foreach (var sentence in report.Proven)
        {
            setting.Narrator.Say(sentence);
        }

        setting.Narrator.Say($"Check it yourself: cleanroom receipt verify {setting.Receipt.FullName}");
        setting.Narrator.Fact("receipt", setting.Receipt.FullName);
        setting.Narrator.Fact("verified", true);
        setting.Narrator.Fact("proven", new JsonArray([.. report.Proven.Select(sentence => (JsonNode)sentence)]));
    }
}
