using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>One question to a maker. Only the makers' classes of this folder make one.</summary>
public sealed record EndorsementRequest
{
    internal EndorsementRequest()
    {
    }

    /// <summary>Gets the name in a bundle: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Gets the form of the answer.</summary>
    public required EndorsementForm Form { get; init; }

    /// <summary>Gets the header of the answer that holds the chain of its signer, PEM in percent encoding; null when there is none.</summary>
    public string? IssuerChainHeader { get; init; }

    /// <summary>Gets what the answer may have at most.</summary>
    /// <value>Bytes. Default 262,144.</value>
    public int MaxBytes { get; init; } = 256 * 1024;

    /// <summary>Gets how long an answer is kept when it does not say so itself.</summary>
    /// <value>Default 1 day.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets the SHA-256 of the request: the name of its entry in a cache.</summary>
    internal Digest Key => Digest.Labelled("cleanroom/v1/endorsement-request", Encoding.UTF8.GetBytes($"{(int)Form} {Address.AbsoluteUri}"));
}
