using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>Who seals a dataset, and under which contract. Needs no network: the contract is one that the owner's client has verified.</summary>
/// <param name="Backend">Does the arithmetic.</param>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="Contract">The contract in force.</param>
/// <param name="Member">The owner's member, whose receive key keeps the data key.</param>
public sealed record UploadOwner(ICryptoBackend Backend, string Collaboration, Contract Contract, MemberIdentity Member)
{
    /// <summary>Finds a dataset that the owner may seal.</summary>
    internal Result<Dataset> Find(string dataset) =>
        Contract.Datasets.FirstOrDefault(d => d.SqlName == dataset) is { } described && described.Owner == Member.Collaborator
            ? described
            : new Refusal(RefusalCode.DatasetUnknown, $"a dataset of the contract that {Member.Collaborator} owns", dataset);

    /// <summary>Says why an upload is another owner's; null when it is this one's.</summary>
    internal Refusal? WhyForeign(UploadState state) => state.Collaboration == Collaboration && state.Owner == Member.Collaborator
        ? null
        : new(RefusalCode.UploadUnknown, $"an upload of {Member.Collaborator} to {Collaboration}", $"one of {state.Owner} to {state.Collaboration}");
}
