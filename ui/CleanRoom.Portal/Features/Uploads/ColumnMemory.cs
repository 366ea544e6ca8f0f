using System.Collections.Immutable;
using System.Text;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>Which columns a person gave the contract's names to, dataset by dataset: proposed again for the next file, and for the same one after a reload.</summary>
internal sealed class ColumnMemory(BrowserStore store)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Keeps names.</summary>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="dataset">The dataset's SQL name.</param>
    /// <param name="names">The file's names by the contract's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task KeepAsync(string collaboration, string dataset, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken) => store.WriteAsync(
        IdOf(collaboration, dataset),
        Encoding.UTF8.GetString(Jcs.Write(new JsonObject([.. names.Select(name => new JsonMember(name.Key, name.Value))]))),
        cancellationToken);

    /// <summary>Returns what was kept; empty when nothing was, or nothing that can be read.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> ReadAsync(string collaboration, string dataset, CancellationToken cancellationToken) =>
        await store.ReadAsync(IdOf(collaboration, dataset), cancellationToken) is { } text
        && StrictJson.Parse(Encoding.UTF8.GetBytes(text), MaxBytes).TryGet(out var tree, out _)
        && tree is JsonObject { Members: var members }
            ? members.Where(member => member.Value is JsonString).ToImmutableSortedDictionary(member => member.Name, member => ((JsonString)member.Value).Value, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;

    private static string IdOf(string collaboration, string dataset) => $"columns/{collaboration}/{dataset}";
}
