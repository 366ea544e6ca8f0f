using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Portal.Features.Contracts;

/// <summary>The contracts to begin from: those of contracts/examples, carried in this program.</summary>
internal static class ContractExamples
{
    private const string Prefix = "example:";

    /// <summary>Gets their names, in order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(ContractExamples).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads an example.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The example as it ships, with keys and code that are nobody's; or the refusals of its reading.</returns>
    public static Result<Contract> Read(string name)
    {
        using var stream = typeof(ContractExamples).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new ArgumentException($"wanted one of {string.Join(", ", Names)}; got {name}", nameof(name));
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return DocumentCodec.FromPerson<Contract>(bytes.ToArray());
    }
}
