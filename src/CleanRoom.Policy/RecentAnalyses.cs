using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Policy;

/// <summary>The newest analyses: what is asked is explained, submitted and run within a moment, and each asks the rules anew.</summary>
/// <remarks>An analysis follows from contract and request alone, so one that is kept is the one that would be made. Safe for concurrent calls.</remarks>
internal sealed class RecentAnalyses
{
    private const int Most = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Analysis> _kept = [];
    private readonly Queue<Digest> _order = new();

    /// <summary>Returns the one that was made, or null.</summary>
    public Analysis? Find(Digest question)
    {
        lock (_lock)
        {
            return _kept.GetValueOrDefault(question);
        }
    }

    /// <summary>Keeps one in the place of the oldest.</summary>
    public void Keep(Digest question, Analysis analysis)
    {
        lock (_lock)
        {
            if (!_kept.TryAdd(question, analysis))
            {
                return;
            }

            _order.Enqueue(question);
            if (_order.Count > Most)
            {
                _kept.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Returns what tells questions apart: each part with its length, so that no two of them run together.</summary>
    public static Digest QuestionOf(Digest contractDigest, AnalysisRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ImmutableArray<string?> parts =
        [
            contractDigest.ToString(), request.Analyst, request.Sql, request.TemplateDigest?.ToString(),
            .. request.Parameters.SelectMany(parameter => new[] { parameter.Key, parameter.Value }), "receivers", .. request.Receivers,
        ];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.Unicode.GetBytes(part ?? string.Empty);
            BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return new Digest(hash.GetHashAndReset());
    }
}
