using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>The first part: keys, a contract, a room that each verifies, and everybody's signature.</summary>
internal sealed class Agreement(StorySetting setting)
{
    private const int ContractIdBytes = 16;

    private static readonly TimeSpan _life = TimeSpan.FromDays(30);

    private TimeProvider Time => setting.Services.Time;

    private Timestamp Now => Timestamp.From(Time.GetUtcNow());

    /// <summary>Makes the keys of every institution.</summary>
    public async Task<ImmutableArray<Institution>> MakeKeysAsync(CancellationToken cancellationToken)
    {
        setting.Narrator.Step("Each institution makes its own keys, on its own machine");
        var institutions = ImmutableArray.CreateBuilder<Institution>();
        foreach (var collaborator in setting.Data.Example.Collaborators)
        {
            var institution = await Institution.CreateAsync(setting.Services.Backend, collaborator, Now, cancellationToken);
            institutions.Add(institution);
            setting.Narrator.Say($"{institution.Name}: a root key, which delegates to a steward (owns, approves, witnesses) and an analyst (asks, receives).");
        }

        setting.Narrator.Fact("institutions", new JsonArray([.. institutions.Select(one => (JsonNode)one.Id)]));
        return institutions.ToImmutable();
    }

    /// <summary>Makes the contract, proposes it to a room that the proposer has verified, and collects all signatures.</summary>
    public async Task<DocumentContract> AgreeAsync(ImmutableArray<Institution> institutions, CancellationToken cancellationToken)
    {
        setting.Narrator.Step("They write one contract: who brings what, who may ask what, and which code may open the data");
        var contract = Fill(institutions);
        var digest = DocumentCodec.DigestOf(contract);
        setting.Narrator.Say($"\"{contract.Title}\", digest {digest.Abbreviated}. In words: cleanroom contract show {Path.Combine(setting.Data.Directory.Name, "contract.json")}");
        setting.Narrator.Fact("contractDigest", digest.ToString());

        setting.Narrator.Step($"{institutions[0].Name} verifies the room and proposes the contract to it");
        var proposer = institutions[0].Steward;
        proposer.Room = await Calls.PatientlyAsync(
            setting.Services,
            () => ContractProposal.ProposeAsync(
                setting.Services, setting.Address, contract, proposer.Identity, institutions[0].Delegations, proposer.Memory, cancellationToken),
            cancellationToken);
        TellEvidence(proposer.Room);

        setting.Narrator.Step("The others verify the same room for themselves, join, and sign the same bytes");
        foreach (var institution in institutions.Skip(1))
        {
            await JoinAsync(institution, proposer.Room.Collaboration, contract, cancellationToken);
        }

        foreach (var analyst in institutions.Select(one => one.Analyst))
        {
            await OpenAsync(analyst, proposer.Room.Collaboration, contract, cancellationToken);
        }

        foreach (var steward in institutions.Select(one => one.Steward))
        {
            await Calls.PatientlyAsync(setting.Services, () => steward.Room.RefreshAsync(cancellationToken), cancellationToken);
        }

        setting.Narrator.Say("All have signed: the contract is in force.");
        setting.Narrator.Fact("active", proposer.Room.State.ActiveContract == digest);
        await setting.At(StoryMoment.Agreed);
        return contract;
    }

    private DocumentContract Fill(ImmutableArray<Institution> institutions) => ContractTemplates.Fill(setting.Data.Example, new ContractFilling
    {
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ContractIdBytes)),
        RootKeys = institutions.ToImmutableSortedDictionary(one => one.Id, one => one.RootKey, StringComparer.Ordinal),
        Attestation = new AttestationPolicy { Accepted = setting.Accepted, CodeEndorsers = [] },
        AllowInsecure = true,
        NotBefore = Now,
        Expires = Now.Plus(_life),
    }).OrEnd();

    /// <summary>Brings one more person's delegation, and lets that person verify the room and come in.</summary>
    public async Task EnterAsync(Person person, string collaboration, DocumentContract contract, CancellationToken cancellationToken)
    {
        await BringAsync(person.Delegation, collaboration, contract, cancellationToken);
        await OpenAsync(person, collaboration, contract, cancellationToken);
    }

    private async Task JoinAsync(Institution institution, string collaboration, DocumentContract contract, CancellationToken cancellationToken)
    {
        foreach (var delegation in institution.Delegations)
        {
            await BringAsync(delegation, collaboration, contract, cancellationToken);
        }

        await OpenAsync(institution.Steward, collaboration, contract, cancellationToken);
        if (setting.Tamper == TamperKind.Signature)
        {
            await TamperWithSignatureAsync(institution.Steward, contract, cancellationToken);
        }

        await Calls.PatientlyAsync(setting.Services, () => new RoomContracts(institution.Steward.Room).SignAsync(contract, cancellationToken), cancellationToken);
        setting.Narrator.Say($"{institution.Name} has verified the room and signed.");
    }

    private Task<StatementResponse> BringAsync(Envelope delegation, string collaboration, DocumentContract contract, CancellationToken cancellationToken) =>
        Calls.PatientlyAsync(setting.Services, () => VisitAsync(collaboration, contract, delegation, cancellationToken), cancellationToken);

    /// <summary>Brings a delegation, as somebody whom the room does not know yet.</summary>
    private async Task<Result<StatementResponse>> VisitAsync(string collaboration, DocumentContract contract, Envelope delegation, CancellationToken cancellationToken) =>
        (await RoomVisitor.OpenAsync(setting.Services, setting.Address, RoomRecord.Invited(collaboration, contract), cancellationToken)).TryGet(out var visitor, out var refusals)
            ? await visitor.AppendAsync(delegation, cancellationToken)
            : refusals;

    private async Task OpenAsync(Person person, string collaboration, DocumentContract contract, CancellationToken cancellationToken)
    {
        await person.Memory.SaveAsync(RoomRecord.Invited(collaboration, contract), cancellationToken);
        person.Room = await Calls.PatientlyAsync(
            setting.Services,
            () => RoomClient.OpenAsync(setting.Services, setting.Address, collaboration, person.Identity, person.Memory, cancellationToken),
            cancellationToken);
    }

    private void TellEvidence(RoomClient room)
    {
        var result = room.Node.Result;
        var measurement = room.Node.Node.OrEnd().Measurement;
        setting.Narrator.Say($"Evidence of kind {result.Tee}, over a fresh nonce; its measurement {measurement[..16]}... is the one that the contract accepts.");
        foreach (var word in result.Words)
        {
            setting.Narrator.Say($"Mind what this evidence is worth. {char.ToUpperInvariant(word[0])}{word[1..]}.");
        }

        setting.Narrator.Say($"The room made a key that no one holds outside it, and a ledger: collaboration {room.Collaboration[..12]}.");
        setting.Narrator.Fact("collaboration", room.Collaboration);
        setting.Narrator.Fact("tee", result.Tee);
        setting.Narrator.Fact("measurement", measurement);
    }

    /// <summary>Someone on the way flips a bit of a signature.</summary>
    private async Task TamperWithSignatureAsync(Person person, DocumentContract contract, CancellationToken cancellationToken)
    {
        setting.Narrator.Say($"TAMPER: one bit of the signature of {person.Identity.Name} is changed on its way.");
        var signed = await EnvelopeSigner.SignAsync(person.Identity.Keys.Sign, contract, cancellationToken);
        var bits = signed.Signatures[0].Sig.ToArray();
        bits[^1] ^= 1;
        var changed = signed with { Signatures = [signed.Signatures[0] with { Sig = new Bytes(bits) }] };
        (await person.Room.AppendAsync(changed, cancellationToken)).OrEnd();
    }
}
