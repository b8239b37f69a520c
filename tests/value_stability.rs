//! Values that must never change by accident: cited seeds stand for these numbers. A deliberate change bumps the digit at
//! the end of the role's tag.

use neurodyn::random::{Address, Normals, Role};

/// Role, first three words, first and 33rd normal (bits), all at seed 1, point 2, replica 3, layer 4, block 5.
const PINNED: &[(Role, [u64; 3], [u64; 2])] = &[
    (
        Role::NETWORK,
        [0x2c86_0c6c_2a9c_6bbe, 0x7a72_90be_0499_d23d, 0x9fcb_21cc_ecb3_b35f],
        [0xbfcd_ba1b_7435_a94d, 0xbfe2_5509_4b22_7714],
    ),
    (
        Role::PREACTIVATIONS,
        [0xa93e_05c7_c468_b86a, 0x0cf3_f73c_e25d_279e, 0x2c37_9fcf_4fd4_742d],
        [0xbf7c_f228_239c_253c, 0x3ff7_8987_8027_0085],
    ),
    (
        Role::WEIGHTS,
        [0xaf18_554b_4db7_fef2, 0x1a38_ac38_2f47_7e58, 0xf2ba_de45_1990_21c9],
        [0xbfe9_a45f_696a_de3b, 0xbff4_a006_eab4_e0ae],
    ),
    (
        Role::MANIFOLD,
        [0x6c41_425e_eb5b_dc29, 0xcbe4_04d6_ee81_f6fc, 0xe913_3583_1f63_8615],
        [0x3fec_b69a_50a6_3d96, 0xbfe1_5bb8_a130_8c62],
    ),
    (
        Role::EXAMPLES,
        [0x458f_06d0_fd20_0d53, 0x6efb_5e91_17f3_7fda, 0x92cc_3717_bf35_f80e],
        [0x3fa0_81b6_d994_c8db, 0x3fe9_7616_2b44_e90e],
    ),
    (
        Role::EXPLICIT_EXAMPLES,
        [0x2d2c_c5a8_81b6_885a, 0x4a97_6413_8c68_2462, 0x2193_ad5e_e7da_cc1d],
        [0x3fe1_b44b_68fa_5996, 0x3fd2_596f_f76c_6884],
    ),
    (
        Role::FREE_ENERGY,
        [0xf1c1_c12b_5990_81f0, 0xbcc7_6e21_bef9_49b5, 0xd7fd_58f0_c9c2_00cb],
        [0x3fcc_16cd_39ea_4990, 0xc003_263b_6ff9_b253],
    ),
    (
        Role::MASKS,
        [0xbea2_5d71_4d11_9e4b, 0x8d55_af9f_e290_5007, 0x58b2_c4c5_2097_1740],
        [0x3fed_ca3e_b179_1747, 0xbff5_d7c5_42f2_542a],
    ),
    (
        Role::BACKWARD,
        [0x1972_e98f_7cb9_9cea, 0xea01_0ffa_cb18_543e, 0xf572_9901_d728_af0c],
        [0x3fdb_4601_5db1_92a8, 0xbfc5_5845_d92a_6ee0],
    ),
    (
        Role::READOUT_ERRORS,
        [0x545b_0016_3bd9_cfad, 0xc35e_0de9_4d11_1fef, 0xd8b0_bae0_4334_83e0],
        [0x3fc8_6e3b_5b83_2662, 0x3feb_f40d_04f3_c9af],
    ),
    (
        Role::RECURRENT,
        [0x809f_47a0_189c_afcf, 0xf457_d3f4_93f7_a822, 0xc372_2dd5_ef89_74bc],
        [0xbff0_14f0_a417_3471, 0xbfe3_e035_3ede_afd8],
    ),
    (
        Role::RECURRENT_STARTS,
        [0x5e49_45d3_acd0_0f65, 0x4d3e_5f5b_0e9b_794c, 0x44ef_0ec3_dc63_5427],
        [0xbfb8_0a13_ce69_b4fa, 0xbfee_8628_b97e_e7dc],
    ),
    (
        Role::EXPRESSIVITY,
        [0x032e_59ea_b433_229e, 0x3bee_e460_474a_0992, 0x64e3_fdea_9e68_f432],
        [0x3fc4_226d_408c_fad7, 0xbf90_a543_4d86_d0fa],
    ),
    (
        Role::DICHOTOMIES,
        [0xa797_00e5_8bba_34f4, 0x55de_ebc1_7fd8_b86e, 0xa3a6_ed10_8292_2604],
        [0xbff2_4d1e_70c8_4ec4, 0x3fec_f14c_2a01_12a8],
    ),
];

#[test]
fn first_draws_of_every_role() {
    assert!(PINNED.iter().map(|(role, ..)| role).eq(Role::ALL), "a role without pinned values");
    let mut found = String::new();
    let mut same = true;
    for (role, words, normals) in PINNED {
        let stream = Address { seed: 1, role: *role, point: 2, replica: 3 }.stream(4, 5);
        let mut copy = stream.clone();
        let new_words = [(); 3].map(|()| copy.word());
        let drawn: Vec<u64> = Normals::new(stream).take(33).map(f64::to_bits).collect();
        let new_normals = [drawn[0], drawn[32]];
        same &= new_words == *words && new_normals == *normals;
        found += &format!("{}: {new_words:#018x?} {new_normals:#018x?}\n", String::from_utf8_lossy(&role.0));
    }
    assert!(same, "values changed; now\n{found}");
}

#[test]
fn the_words_are_those_of_chacha8() {
    // ChaCha8 with a key and nonce of zeros: the published keystream starts 3e 00 ef 2f 89 5f 40 d6 (draft-strombergson-chacha-test-vectors)
    let mut stream = Address { seed: 0, role: Role([0; 8]), point: 0, replica: 0 }.stream(0, 0);
    assert_eq!(stream.word().to_le_bytes(), [0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6]);
}
